-- One row a response that was found withdrawn before the time allowed, and whose answers are still kept.
select response_id
from core.withdrawn
where noticed_at < $before and erased_at is null
