-- One row a person, with name and address.
select
    signatories.response_id, signatories.name, signatories.email, signatures.email_key, roles.role,
    signatories.role_other, signatories.signed_at, signatories.modified_at
from core.signatories as signatories
join core.signatures as signatures on signatures.response_id = signatories.response_id
join staging.signatory_roles as roles on roles.signatory_id = signatories.signatory_id
where $role is null or roles.role = $role
order by signatories.signed_at, try_cast(signatories.response_id as hugeint), signatories.response_id
