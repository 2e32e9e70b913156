-- One row a response held back now.
select held_back.response_id, held_back.rule, held_back.reason, held_back.held_since
from core.held_back as held_back
join core.dispositions as dispositions
    on dispositions.response_id = held_back.response_id and dispositions.disposition = 'held back'
order by held_back.held_since, held_back.rule, try_cast(held_back.response_id as hugeint), held_back.response_id
