-- One row a run that ended with figures, new ones or the same as before. Runs before the first change of place
-- was kept are left out.
select
    run_id,
    ended_at,
    (record ->> '$.published') is not null as has_published,
    cast(record ->> '$.fresh_as_of' as timestamptz) as fresh_as_of,
    record ->> '$.form_version' as form_version
from ledger.runs
where ((record ->> '$.published') is not null or state = 'unchanged')
    and ended_at >= (select min(changed_at) from core.disposition_changes)
order by started_at
