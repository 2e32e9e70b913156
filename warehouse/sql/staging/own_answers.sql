-- One row a response and rule of the user's own that it has an answer for: the answer as a text, a choice as
-- the form words it, and several joined by " | ". Where a question was replaced, the first one answered counts.
-- Of what must be unique every response ever seen is here, else those that are pending.
with places as (
    select
        unnest($rules) as rule,
        unnest($uniques) as is_unique,
        unnest($place_nos) as place_no,
        unnest($question_ids) as question_id,
        unnest($row_ids) as row_id
),
given as (
    select
        answers.response_id, answers.answer_no, places.rule, places.is_unique, places.place_no,
        trim(coalesce(
            case when regexp_matches(answers.text, '[^\p{Z}\p{Cc}\p{Cf}]') then answers.text end,
            choices.text,
            nullif(answers.choice_id, ''),
            nullif(answers.other_id, ''),
            nullif(answers.download_url, '')
        )) as text
    from core.answers as answers
    join places
        on places.question_id = answers.question_id
        and (places.row_id is null or places.row_id = answers.row_id)
    left join staging.choices as choices
        on choices.question_id = answers.question_id
        and choices.option_id = coalesce(nullif(answers.choice_id, ''), answers.other_id)
    where answers.survey_id = $survey_id
        and (places.is_unique or answers.response_id in (select response_id from core.pending_responses))
),
first_given as (
    select response_id, rule, min(place_no) as place_no
    from given
    where text <> ''
    group by response_id, rule
)
select
    given.response_id,
    given.rule,
    given.is_unique,
    string_agg(given.text, ' | ' order by given.answer_no) as text
from given
join first_given
    on first_given.response_id = given.response_id
    and first_given.rule = given.rule
    and first_given.place_no = given.place_no
where given.text <> ''
group by given.response_id, given.rule, given.is_unique
