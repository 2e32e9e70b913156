-- One row a rule that holds back responses now.
select
    held_back.rule,
    any_value(held_back.reason) as reason,
    count(*) as n_responses,
    min(held_back.held_since) as oldest_held_at
from core.held_back as held_back
join core.dispositions as dispositions
    on dispositions.response_id = held_back.response_id and dispositions.disposition = 'held back'
group by held_back.rule
order by held_back.rule
