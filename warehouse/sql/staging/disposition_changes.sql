-- One row a response that gets another disposition in this run, or is given to another person than before.
with placed as (
    select
        response_id,
        disposition,
        reason,
        case when disposition in ('signatory', 'duplicate') then email_key end as counted_key
    from staging.dispositions
),
now_in as (
    select
        placed.response_id,
        placed.disposition,
        placed.reason,
        coalesce(ids.signatory_id, new_ids.signatory_id) as signatory_id
    from placed
    left join core.signatory_ids as ids on ids.email_key = placed.counted_key
    left join staging.new_ids as new_ids on new_ids.email_key = placed.counted_key
),
before as (
    select
        changes.response_id,
        arg_max(changes.disposition, changes.change_no) as disposition,
        arg_max(changes.reason, changes.change_no) as reason,
        arg_max(coalesce(changes.signatory_id, -1), changes.change_no) as signatory_id
    from core.disposition_changes as changes
    semi join staging.dispositions as dispositions on dispositions.response_id = changes.response_id
    group by changes.response_id
)
select now_in.response_id, now_in.disposition, now_in.reason, now_in.signatory_id
from now_in
left join before on before.response_id = now_in.response_id
where before.response_id is null
    or before.disposition <> now_in.disposition
    or before.reason <> now_in.reason
    or before.signatory_id <> coalesce(now_in.signatory_id, -1)
