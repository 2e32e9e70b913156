-- One row a time at which the response came into another place or was given to another person; oldest first.
select place, reason, signatory_id, changed_at, run_id
from core.place_changes
where response_id = $response_id
order by change_no
