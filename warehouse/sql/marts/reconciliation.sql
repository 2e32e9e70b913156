-- One row a place and reason: where each response ever seen is. The rows add up to the one named seen.
select 'seen' as place, 'all responses ever received' as reason, $n_seen as n_responses
union all
select place, reason, count(*) as n_responses from core.places group by place, reason
