-- Why the response is held back, if it is.
select rule, all_rules, reason, held_since, run_id from core.held_back where response_id = $response_id
