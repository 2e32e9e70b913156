-- One row a time at which the response got another disposition or was given to another person; oldest first.
select disposition as place, reason, signatory_id, changed_at, run_id
from core.disposition_changes
where response_id = $response_id
order by change_no
