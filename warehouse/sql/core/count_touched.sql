-- One row: how much the next build has to decide again.
select (select count(*) from core.touched_responses) + (select count(*) from core.touched_keys) as n
