-- Puts the batch in the place of what was staged of the same responses, and has the next build decide
-- them again, with all that share a key they had or have.
insert into core.pending_keys
select distinct email_key
from core.signatures
where email_key is not null and response_id in (select response_id from staging.responses);

insert into core.pending_responses select response_id from staging.responses;

delete from core.answers where response_id in (select response_id from staging.responses);
delete from core.signatures where response_id in (select response_id from staging.responses);

insert into core.answers
select
    response_id, survey_id, page_id, question_id, answer_no, choice_id, row_id, col_id, other_id, text,
    weight, download_url, content_type
from staging.answers;

insert into core.signatures
select
    response_id, survey_id, stated_survey_id, collector_id, status, mode, created_at, modified_at, name,
    email, email_key, email_problem, role_state, role_choice_id, role_other, source, received_no
from staging.signatures;
