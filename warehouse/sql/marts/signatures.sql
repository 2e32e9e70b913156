-- One row a signature that counts for a person: the current one and the earlier ones it replaced.
select
    ids.signatory_id,
    row_number() over (
        partition by ids.signatory_id
        order by
            coalesce(signatures.created_at, signatures.modified_at),
            try_cast(signatures.response_id as hugeint),
            signatures.response_id
    ) as signature_no,
    dispositions.disposition = 'signatory' as is_current,
    coalesce(signatures.created_at, signatures.modified_at) as signed_at,
    cast(coalesce(signatures.created_at, signatures.modified_at) as date) as signed_on,
    signatures.source,
    coalesce(signatures.mode, 'default') = 'data_entry' as is_on_paper
from core.dispositions as dispositions
join core.signatures as signatures on signatures.response_id = dispositions.response_id
join core.signatories as ids on ids.email_key = dispositions.email_key
where dispositions.disposition in ('signatory', 'duplicate')
