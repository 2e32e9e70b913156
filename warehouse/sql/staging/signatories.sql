-- One row a pending person: name and role are the winner's, signed_at is the earliest start of any
-- signature with the same email key that counts.
with members as (
    select
        dispositions.email_key,
        dispositions.disposition,
        signatures.response_id,
        signatures.name,
        signatures.email,
        signatures.role_state,
        signatures.role_choice_id,
        signatures.role_other,
        signatures.created_at,
        signatures.modified_at
    from staging.dispositions as dispositions
    join core.signatures as signatures on signatures.response_id = dispositions.response_id
    where dispositions.disposition in ('signatory', 'duplicate')
),
earliest as (
    select
        email_key,
        min(coalesce(created_at, modified_at)) as signed_at,
        count(*) as n_signatures
    from members
    group by email_key
)
select
    members.email_key,
    members.response_id,
    members.name,
    members.email,
    members.role_state,
    members.role_choice_id,
    members.role_other,
    earliest.signed_at,
    members.modified_at,
    earliest.n_signatures
from members
join earliest on earliest.email_key = members.email_key
where members.disposition = 'signatory'
