-- At most one row: the rules that hold a response back now.
select held_back.all_rules
from core.held_back as held_back
join core.places as places on places.response_id = held_back.response_id and places.place = 'held back'
where held_back.response_id = $response_id
