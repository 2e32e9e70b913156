-- One row a person, with name and address.
select
    signatories.response_id,
    signatories.name,
    signatories.email,
    signatories.email_key,
    roles.role,
    signatories.role_other,
    signatories.signed_at,
    signatories.modified_at
from core.signatories as signatories
join staging.signatory_roles as roles on roles.signatory_id = signatories.signatory_id
where $role is null or roles.role = $role
order by signatories.signed_at, try_cast(signatories.response_id as hugeint), signatories.response_id
