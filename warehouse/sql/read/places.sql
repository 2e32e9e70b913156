-- One row a place and reason: how many responses are in it.
select place, reason, count(*) as n from core.places group by place, reason
order by place, reason
