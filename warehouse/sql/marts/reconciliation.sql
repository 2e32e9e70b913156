-- One row a disposition and reason: where each response ever seen is. The rows add up to the one named seen.
select 'seen' as place, 'all responses ever received' as reason, $n_seen as n_responses
union all
select disposition as place, reason, count(*) as n_responses from core.dispositions group by disposition, reason
