-- At most one row: the rules that hold a response back now, and whether it has any readable time.
select
    held_back.all_rules,
    coalesce(signatures.created_at, signatures.modified_at) is not null as has_time
from core.held_back as held_back
join core.signatures as signatures on signatures.response_id = held_back.response_id
join core.dispositions as dispositions
    on dispositions.response_id = held_back.response_id and dispositions.disposition = 'held back'
where held_back.response_id = $response_id
