-- When the response was found to have vanished, if it was.
select noticed_at, run_id from core.withdrawn where response_id = $response_id
