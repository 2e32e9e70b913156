-- Puts the decisions about the touched responses in the place of the earlier ones, and notes what changed.
delete from core.signatories where email_key in (
    select email_key from core.touched_keys
    union all
    select email_key from core.places
    where email_key is not null and response_id in (select response_id from staging.touched)
    union all
    select email_key from staging.places where email_key is not null
);

delete from core.places where response_id in (select response_id from staging.touched);
insert into core.places select response_id, email_key, place, reason from staging.places;

insert into core.signatory_ids select signatory_id, email_key from staging.new_ids;

insert into core.signatories
select
    ids.signatory_id,
    signatories.email_key,
    signatories.response_id,
    signatories.name,
    signatories.email,
    signatories.role_state,
    signatories.role_choice_id,
    signatories.role_other,
    signatories.signed_at,
    signatories.modified_at,
    signatories.n_signatures
from staging.signatories as signatories
join core.signatory_ids as ids on ids.email_key = signatories.email_key;

insert or replace into ledger.marks values ('signals are due', 'since the last build');

delete from core.touched_responses;
delete from core.touched_keys;

insert into core.place_changes (response_id, place, reason, signatory_id, changed_at, run_id)
select response_id, place, reason, signatory_id, $at, $run_id from staging.place_changes;
