-- Puts what was decided in this run in the place of what was decided earlier about the same responses.
delete from core.held_back where response_id in (select response_id from core.pending_responses);
insert into core.held_back by name select * from staging.held;
