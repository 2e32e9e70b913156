-- One row a place and reason: how many responses are in it.
select place, reason, count(*) as n from core.places group by place, reason
union all
select 'erased', 'at the person''s request', cast(sum(n_responses) as bigint)
from privacy.tombstones
where kind = 'response'
having count(*) > 0
order by place, reason
