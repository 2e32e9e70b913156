-- Tables in the field's words, and what the very first tables lacked.
alter table core.places rename column place to disposition;
alter table core.places rename to dispositions;
alter table core.place_changes rename column place to disposition;
alter table core.place_changes rename to disposition_changes;
alter table core.disposition_changes alter change_no drop default;
drop sequence core.place_change_numbers;
alter table core.touched_responses rename to pending_responses;
alter table core.touched_keys rename to pending_keys;
alter table ledger.marks rename to state;

-- The first program knew no form that had been in force before, and no question that had asked before.
create table if not exists raw.forms_in_force (
    survey_id varchar not null,
    change_no integer not null,
    version varchar not null,
    in_force_from timestamptz not null,
    run_id varchar not null
);

insert into raw.forms_in_force
select
    survey_id,
    row_number() over (partition by survey_id order by first_seen_at, version),
    version,
    first_seen_at,
    run_id
from raw.surveys
where not exists (
    select 1
    from duckdb_columns()
    where database_name = current_database()
        and schema_name = 'ledger' and table_name = 'fields' and column_name = 'place_no'
);

alter table ledger.fields add column if not exists place_no integer default 1;
create table ledger.fields_in_order (
    field varchar not null,
    place_no integer not null,
    question_id varchar not null,
    row_id varchar,
    primary key (field, place_no)
);
insert into ledger.fields_in_order select field, place_no, question_id, row_id from ledger.fields;
drop table ledger.fields;
alter table ledger.fields_in_order rename to fields;

-- No IP address is kept any more: see warehouse/ingest/ip_addresses.py. What older texts hold is cut out by the
-- next run, from the mark on; the blocks known of signatures of late stay, by version now.
drop table privacy.ip_addresses;

delete from ledger.state
where name in ('ip addresses made before', 'ip addresses are kept', 'ip addresses listed upto');

insert into ledger.state
select 'ip addresses cut upto', '0'
where exists (select 1 from raw.responses);

alter table core.address_blocks rename to address_blocks_before;

-- One row a version of a response that came with an IP address: the address block, as a keyed hash. It goes with the
-- response, and 30 days after the signature at the latest.
create table core.address_blocks (
    received_no bigint not null,
    response_id varchar not null,
    block varchar not null
);

insert into core.address_blocks
select signatures.received_no, blocks.response_id, blocks.block
from core.address_blocks_before as blocks
join core.signatures as signatures on signatures.response_id = blocks.response_id;
drop table core.address_blocks_before;
