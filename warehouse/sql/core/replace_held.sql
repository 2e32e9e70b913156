-- Puts what was decided tonight in the place of what was decided earlier about the same responses.
delete from core.held_back where response_id in (select response_id from core.pending_responses);
insert into core.held_back
select response_id, rule, all_rules, reason, held_since, run_id from staging.held;
