-- One row: how many answers it gives.
select count(*) as n_answers from core.answers where response_id = $response_id
