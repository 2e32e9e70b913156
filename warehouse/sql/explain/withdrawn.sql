-- When the response was found to have vanished, if it was, and when its answers were erased.
select noticed_at, run_id, erased_at from core.withdrawn where response_id = $response_id
