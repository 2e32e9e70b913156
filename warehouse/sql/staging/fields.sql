-- One row a response: what it answers to the questions for email, name and role.
-- An answer of blanks only is no answer. Of several roles the one first on the form counts. An
-- other-line counts as "other" whether it comes as other_id or as choice_id.
with asked as (
    select
        answers.response_id,
        fields.field,
        answers.answer_no,
        case when choices.kind = 'other' then null else answers.choice_id end as choice_id,
        answers.other_id is not null or choices.kind = 'other' as is_other,
        case when regexp_matches(answers.text, '[^\s\p{Z}\p{C}]') then answers.text end as text,
        choices.position as position
    from staging.answers as answers
    join ledger.fields as fields
        on fields.question_id = answers.question_id
        and (fields.row_id is null or fields.row_id = answers.row_id)
    left join staging.choices as choices
        on fields.field = 'role'
        and choices.question_id = answers.question_id
        and choices.option_id = answers.choice_id
)
select
    response_id,
    arg_min(text, answer_no) filter (where field = 'email' and text is not null) as email,
    arg_min(text, answer_no) filter (where field = 'name' and text is not null) as name,
    count(distinct choice_id) filter (where field = 'role') as n_choices,
    count(*) filter (where field = 'role' and is_other) as n_others,
    arg_min(choice_id, coalesce(position, 1000000) * 1000 + answer_no)
        filter (where field = 'role' and choice_id is not null) as role_choice_id,
    arg_min(text, answer_no) filter (where field = 'role' and text is not null) as role_other,
    bool_or(position is not null) filter (where field = 'role' and choice_id is not null) as is_choice_known
from asked
group by response_id
