-- At most one row: where the person that the response counts for stands in the published figures.
select
    signatories.signatory_id,
    roles.role,
    cast(signatories.signed_at as date) as signed_on,
    signatories.response_id = $response_id as is_shown
from core.dispositions as dispositions
join core.signatories as signatories on signatories.email_key = dispositions.email_key
join staging.signatory_roles as roles on roles.signatory_id = signatories.signatory_id
where dispositions.response_id = $response_id and dispositions.disposition in ('signatory', 'duplicate')
