-- One row: how much the next build has to decide again.
select (select count(*) from core.pending_responses) + (select count(*) from core.pending_keys) as n
