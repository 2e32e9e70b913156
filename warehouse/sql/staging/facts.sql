-- One row a response to check: facts about it, none of its values. Checked is what would count, and what
-- has a status that nobody knows. believable_until is the latest time of change that can be true.
with questions as (
    select distinct question_id from raw.questions where survey_id = $survey_id
),
options as (
    select distinct question_id, option_id from raw.options where survey_id = $survey_id
),
unknown as (
    select
        answers.response_id,
        bool_or(questions.question_id is null) as has_question,
        bool_or(questions.question_id is not null) as has_choice
    from core.answers as answers
    semi join core.pending_responses as pending on pending.response_id = answers.response_id
    left join questions on questions.question_id = answers.question_id
    left join options as choices
        on choices.question_id = answers.question_id and choices.option_id = answers.choice_id
    left join options as rows
        on rows.question_id = answers.question_id and rows.option_id = answers.row_id
    left join options as cols
        on cols.question_id = answers.question_id and cols.option_id = answers.col_id
    left join options as others
        on others.question_id = answers.question_id and others.option_id = answers.other_id
    where questions.question_id is null
        or (answers.choice_id <> '' and choices.option_id is null)
        or (answers.row_id <> '' and rows.option_id is null)
        or (answers.col_id <> '' and cols.option_id is null)
        or (answers.other_id <> '' and others.option_id is null)
    group by answers.response_id
),
surveys as (
    select min(created_at) as created_at from raw.surveys where survey_id = $survey_id
)
select
    signatures.response_id,
    signatures.stated_survey_id as survey_id,
    signatures.survey_id as expected_survey_id,
    signatures.created_at,
    signatures.modified_at,
    received.fetched_at + interval 1 day as believable_until,
    surveys.created_at as survey_created_at,
    case when starts_with(signatures.response_id, 'damaged-') then 'damaged' else 'given' end as id_state,
    case when signatures.status = 'completed' then 'completed' else 'unknown' end as status_state,
    case
        when coalesce(signatures.mode, '') = '' then 'missing'
        when signatures.mode in ('default', 'data_entry', 'edit') then 'known'
        else 'unknown'
    end as mode_state,
    signatures.email_problem,
    case
        when not $is_name_asked then 'not asked'
        when signatures.name is null then 'blank'
        when regexp_matches(signatures.name, '\p{Cc}') then 'control characters'
        when length(signatures.name) > 200 then 'too long'
        when not regexp_matches(signatures.name, '\p{L}') then 'only symbols'
        else 'given'
    end as name_state,
    signatures.role_state,
    case when unknown.has_question then 'unknown' else 'known' end as questions_state,
    case when unknown.has_choice then 'unknown' else 'known' end as choices_state
from core.signatures as signatures
cross join surveys
semi join core.pending_responses as pending on pending.response_id = signatures.response_id
anti join core.withdrawn as withdrawn on withdrawn.response_id = signatures.response_id
anti join privacy.erased_responses as erased on erased.response_id = signatures.response_id
left join raw.responses as received on received.received_no = signatures.received_no
left join unknown on unknown.response_id = signatures.response_id
where signatures.survey_id = $survey_id
    and coalesce(signatures.status, '') not in ('partial', 'overquota', 'disqualified')
    and coalesce(signatures.mode, '') not in ('preview', 'survey_preview')
