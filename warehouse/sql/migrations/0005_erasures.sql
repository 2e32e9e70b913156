-- What was erased at people's request, and what stays of it so that nothing brings a person back.
drop table privacy.tombstones;

-- One row an erasure. n_mentions: versions of other people's responses that held the address in a text.
create table privacy.erasures (
    erasure_no bigint primary key,
    erased_at timestamptz not null,
    who varchar not null,
    n_responses integer not null,
    n_mentions integer not null
);

-- One row an address and erasure: a keyed hash of the address, see warehouse/ingest/erased_people.py.
create table privacy.tombstones (
    token varchar not null,
    erasure_no bigint not null,
    erased_at timestamptz not null,
    primary key (token, erasure_no)
);

-- One row an erased response; its id, survey and status stay in raw.responses.
create table privacy.erased_responses (
    response_id varchar primary key,
    erasure_no bigint not null,
    erased_at timestamptz not null
);
