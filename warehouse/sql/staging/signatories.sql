-- One row a pending person: name and role are the winner's, signed_at is the earliest start of any
-- signature with the same email key that counts.
with members as (
    select
        signatures.* replace (dispositions.email_key as email_key),
        dispositions.disposition
    from staging.dispositions as dispositions
    join core.signatures as signatures on signatures.response_id = dispositions.response_id
    where dispositions.disposition in ('signatory', 'duplicate')
),
earliest as (
    select email_key, min(coalesce(created_at, modified_at)) as signed_at, count(*) as n_signatures
    from members
    group by email_key
)
select
    email_key, response_id, name, email, role_state, role_choice_id, role_other, signed_at, modified_at,
    n_signatures
from members
join earliest using (email_key)
where disposition = 'signatory'
