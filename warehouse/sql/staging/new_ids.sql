-- One row a person not met before: the next surrogate ids, in the order of signing, so that an id tells
-- nothing that the published signing time doesn't.
select
    (select coalesce(max(signatory_id), 0) from core.signatory_ids)
        + row_number() over (
            order by
                signatories.signed_at,
                try_cast(signatories.response_id as hugeint),
                signatories.response_id
        ) as signatory_id,
    signatories.email_key
from staging.signatories as signatories
anti join core.signatory_ids as known on known.email_key = signatories.email_key
