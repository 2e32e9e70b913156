-- At most one row: the place a response is in.
select place from core.places where response_id = $response_id
