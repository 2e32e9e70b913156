-- One row a person to look at: decided in this run, not as when last looked at, or gone.
select ids.signatory_id
from staging.signatories as signatories
join core.signatory_ids as ids on ids.email_key = signatories.email_key
union
select signatories.signatory_id
from core.signatories as signatories
left join core.noticed as noticed on noticed.signatory_id = signatories.signatory_id
where $is_everybody
    or noticed.signatory_id is null
    or noticed.response_id <> signatories.response_id
    or noticed.modified_at is distinct from signatories.modified_at
    or noticed.n_signatures <> signatories.n_signatures
union
select noticed.signatory_id
from core.noticed as noticed
anti join core.signatories as signatories on signatories.signatory_id = noticed.signatory_id
