-- One row a response to be decided again: those pending, and all of the same people: by an email key they had
-- or have, or by what people decide or decided.
with keys as (
    select email_key from core.pending_keys
    union all
    select signatures.email_key
    from core.signatures as signatures
    join core.pending_responses as pending on pending.response_id = signatures.response_id
    where signatures.email_key is not null
    union all
    select concat('response ', pending.response_id) as email_key
    from core.pending_responses as pending
    semi join core.decisions as decisions on decisions.subject = pending.response_id
),
all_keys as (
    select email_key from keys
    union
    select others.email_key
    from keys
    join staging.same_person as one on one.email_key = keys.email_key
    join staging.same_person as others on others.person_key = one.person_key
    union
    select others.email_key
    from keys
    join staging.same_person as others on others.person_key = keys.email_key
)
select response_id from core.pending_responses
union
select signatures.response_id
from core.signatures as signatures
join all_keys on all_keys.email_key = signatures.email_key
union
select signatures.response_id
from core.signatures as signatures
join all_keys on all_keys.email_key = concat('response ', signatures.response_id)
where starts_with(all_keys.email_key, 'response ')
