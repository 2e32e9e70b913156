-- One row a choice or other-line ever seen on the survey: its text on the current form, or else on the
-- last form that had it (an id outlives its text).
select
    options.question_id,
    options.option_id,
    options.kind,
    options.text,
    options.position,
    options.version = $current_version as is_current
from raw.options as options
join raw.surveys as surveys
    on surveys.survey_id = options.survey_id and surveys.version = options.version
where options.survey_id = $survey_id and options.kind in ('choice', 'other')
qualify row_number() over (
    partition by options.question_id, options.option_id
    order by options.version = $current_version desc, surveys.first_seen_at desc, options.version
) = 1
