-- At most one row: the open case of that name.
select case_name, signal, signatory_id, other_id, response_id
from staging.open_signals
where case_name = $case_name
