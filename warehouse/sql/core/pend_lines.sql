-- Has the next build decide again who gives the same answer as a pending response where it must be unique,
-- and who was held back for that: whoever stood before it may be gone.
insert into core.pending_responses
select same.response_id
from staging.own_answers as answers
semi join core.pending_responses as pending on pending.response_id = answers.response_id
join staging.own_answers as same on same.rule = answers.rule and same.text = answers.text
union
select response_id
from core.held_back
where len(list_filter(string_split(all_rules, ','), lambda rule: list_contains($unique_rules, rule))) > 0
except
select response_id from core.pending_responses
