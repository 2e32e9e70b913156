-- One row a response that was filled in too fast: this run's, and those kept.
select response_id from staging.read_bodies where is_quick
union all
select quick.response_id
from vault.core.quick_responses as quick
anti join staging.read_bodies as read_bodies on read_bodies.response_id = quick.response_id
