-- One row a response that fails a rule now. Who failed the same rule before is held since then.
with failed as (
    select
        unnest($ids) as response_id,
        unnest($rules) as rule,
        unnest($all_rules) as all_rules,
        unnest($reasons) as reason
)
select
    failed.*,
    case when earlier.rule = failed.rule then earlier.held_since else $at end as held_since,
    case when earlier.rule = failed.rule then earlier.run_id else $run_id end as run_id
from failed
left join core.held_back as earlier on earlier.response_id = failed.response_id
