-- Has the next build check and decide every response of the pledge again.
insert into core.pending_responses
select response_id from core.signatures where survey_id = $survey_id
