-- One row a run of the pipeline that has ended, and the one that made this file.
select
    run_id,
    command,
    started_at,
    case when run_id = $run_id then null else ended_at end as ended_at,
    case when run_id = $run_id then 'publishing' else state end as state,
    cast(record ->> '$.requests' as integer) as n_requests,
    cast(record ->> '$.pages' as integer) as n_pages,
    cast(record ->> '$.responses_new' as integer) as n_responses_new,
    cast(record ->> '$.responses_changed' as integer) as n_responses_changed,
    cast(record ->> '$.responses_withdrawn' as integer) as n_responses_withdrawn
from ledger.runs
order by started_at
