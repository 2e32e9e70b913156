-- Puts the batch in the place of what was staged of the same responses, and has the next build decide
-- them again, with all that share a key they had or have.
insert into core.pending_keys
select distinct email_key
from core.signatures
where email_key is not null and response_id in (select response_id from staging.responses);

insert into core.pending_responses select response_id from staging.responses;

delete from core.answers where response_id in (select response_id from staging.responses);
delete from core.signatures where response_id in (select response_id from staging.responses);

insert into core.answers by name select * from staging.answers;
insert into core.signatures by name select * from staging.signatures;
