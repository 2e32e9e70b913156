-- One row a person to look at who counts: the response that stands for the person. A person set apart by a
-- decision has the address of somebody else, and was looked at by a person: own_key is then null.
select
    signatories.signatory_id,
    signatories.email_key as person_key,
    signatories.response_id, signatories.modified_at, signatories.n_signatures, signatories.name,
    signatures.email_key as address_key,
    case when not starts_with(signatories.email_key, 'response ') then signatures.email_key end as own_key
from core.signatories as signatories
semi join staging.to_notice as to_notice on to_notice.signatory_id = signatories.signatory_id
join core.signatures as signatures on signatures.response_id = signatories.response_id
