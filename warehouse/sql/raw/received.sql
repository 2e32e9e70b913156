-- One row: how many responses a run brought that were never seen before, and how many that were.
with mine as (
    select distinct response_id from raw.responses where run_id = $run_id
),
earlier as (
    select distinct raw.responses.response_id
    from raw.responses
    semi join mine on mine.response_id = raw.responses.response_id
    where raw.responses.run_id <> $run_id
)
select
    count(*) filter (where earlier.response_id is null) as n_new,
    count(earlier.response_id) as n_changed
from mine
left join earlier on earlier.response_id = mine.response_id
