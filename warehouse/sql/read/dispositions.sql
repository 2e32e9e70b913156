-- One row a disposition and reason: how many responses have it.
select disposition, reason, count(*) as n from core.dispositions group by disposition, reason
order by disposition, reason
