-- One row a rule that held back responses then. The rule's reason is today's, empty where nothing fails it now.
with reasons as (
    select rule, any_value(reason) as reason from core.held_back group by rule
)
select places.reason as rule, coalesce(any_value(reasons.reason), '') as reason, count(*) as n_responses
from staging.places_then as places
left join reasons on reasons.rule = places.reason
where places.place = 'held back'
group by places.reason
order by places.reason
