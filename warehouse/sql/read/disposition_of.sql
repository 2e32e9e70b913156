-- At most one row: the disposition of a response.
select disposition from core.dispositions where response_id = $response_id
