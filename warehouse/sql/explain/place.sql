-- The final disposition of the response.
select disposition as place, reason from core.dispositions where response_id = $response_id
