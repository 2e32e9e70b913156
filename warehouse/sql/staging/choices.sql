-- One row a choice or other-line ever seen on the survey: its text on the current form, or else on the
-- last form that had it (an id outlives its text). is_current: people can choose it now.
with last_in_force as (
    select version, max(change_no) as change_no
    from raw.forms_in_force
    where survey_id = $survey_id
    group by version
)
select
    options.question_id, options.option_id, options.kind, options.text, options.position,
    options.version = $current_version
        and options.is_visible
        and coalesce(questions.is_visible, true) as is_current
from raw.options as options
join last_in_force on last_in_force.version = options.version
left join raw.questions as questions
    on questions.survey_id = options.survey_id
    and questions.version = options.version
    and questions.question_id = options.question_id
where options.survey_id = $survey_id and options.kind in ('choice', 'other')
qualify row_number() over (
    partition by options.question_id, options.option_id
    order by options.version = $current_version desc, last_in_force.change_no desc
) = 1
