-- One row a person who signed, with the role of the latest signature.
select
    signatories.signatory_id,
    roles.role,
    signatories.signed_at,
    cast(signatories.signed_at as date) as signed_on,
    cast(signatories.modified_at as date) as modified_on,
    signatories.n_signatures,
    forms.pledge_version,
    signatures.source,
    coalesce(signatures.mode, 'default') = 'data_entry' as is_on_paper
from core.signatories as signatories
join core.signatures as signatures on signatures.response_id = signatories.response_id
join staging.signatory_roles as roles on roles.signatory_id = signatories.signatory_id
asof left join staging.forms_in_force as forms on signatories.signed_at >= forms.in_force_from
