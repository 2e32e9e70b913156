-- One row a response to check: facts about it, none of its values. Only what would count is checked.
select
    signatures.response_id,
    signatures.stated_survey_id as survey_id,
    signatures.survey_id as expected_survey_id,
    signatures.created_at,
    signatures.modified_at,
    case when starts_with(signatures.response_id, 'damaged-') then 'damaged' else 'given' end as id_state,
    signatures.email_problem,
    case
        when $is_name_asked = 'no' then 'not asked'
        when signatures.name is null then 'blank'
        else 'given'
    end as name_state,
    signatures.role_state
from core.signatures as signatures
semi join core.touched_responses as touched on touched.response_id = signatures.response_id
anti join core.withdrawn as withdrawn on withdrawn.response_id = signatures.response_id
where signatures.survey_id = $survey_id
    and signatures.status = 'completed'
    and coalesce(signatures.mode, '') not in ('preview', 'survey_preview')
