-- The one place the response is in.
select place, reason from core.places where response_id = $response_id
