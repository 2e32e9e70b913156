-- One row a response: what it answers to the questions for email, name and role.
-- An answer of blanks only is no answer. Where several questions asked for one field, the first that is
-- answered counts. Of several roles the one first on the current form counts, then those that left it, then
-- those never seen there. An other-line counts as "other" whether it comes as other_id or as choice_id.
with asked as (
    select
        answers.response_id,
        fields.field,
        fields.place_no,
        case when choices.kind = 'other' then null else nullif(answers.choice_id, '') end as choice_id,
        nullif(answers.other_id, '') is not null or choices.kind = 'other' as is_other,
        case when regexp_matches(answers.text, '[^\p{Z}\p{Cc}\p{Cf}]') then answers.text end as text,
        choices.option_id is not null as is_known,
        {
            'standing': case when choices.is_current then 0 when choices.option_id is not null then 1 else 2 end,
            'position': coalesce(choices.position, 0),
            'answer_no': answers.answer_no,
            'choice_id': answers.choice_id,
            'text': answers.text
        } as place
    from staging.answers as answers
    join ledger.fields as fields
        on fields.question_id = answers.question_id
        and (fields.row_id is null or fields.row_id = answers.row_id)
    left join staging.choices as choices
        on fields.field = 'role'
        and choices.question_id = answers.question_id
        and choices.option_id = answers.choice_id
),
answered as (
    select response_id, field, place_no, choice_id, is_other, text, is_known, place
    from asked
    where choice_id is not null or is_other or text is not null
),
several as (
    select field from ledger.fields group by field having count(*) > 1
),
first_answered as (
    select answered.response_id, answered.field, min(answered.place_no) as place_no
    from answered
    semi join several on several.field = answered.field
    group by answered.response_id, answered.field
)
select
    response_id,
    arg_min(text, place) filter (where field = 'email' and text is not null) as email,
    arg_min(text, place) filter (where field = 'name' and text is not null) as name,
    count(distinct choice_id) filter (where field = 'role') as n_choices,
    count(*) filter (where field = 'role' and is_other) as n_others,
    arg_min(choice_id, place) filter (where field = 'role' and choice_id is not null) as role_choice_id,
    arg_min(text, place) filter (where field = 'role' and text is not null) as role_other,
    bool_or(is_known) filter (where field = 'role' and choice_id is not null) as is_choice_known
from answered
left join first_answered using (response_id, field)
where first_answered.place_no is null or answered.place_no = first_answered.place_no
group by response_id
