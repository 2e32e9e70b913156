-- One row an answer, in the order given; a question without answers gives none.
with pages as (
    select parsed.response_id, parsed.survey_id, unnest(parsed.pages) as page
    from staging.parsed as parsed
    semi join staging.responses as newest on newest.received_no = parsed.received_no
),
questions as (
    select response_id, survey_id, page.id as page_id, unnest(page.questions) as question
    from pages
),
answers as (
    select
        response_id,
        survey_id,
        page_id,
        question.id as question_id,
        unnest(question.answers) as answer,
        generate_subscripts(question.answers, 1) as answer_no
    from questions
)
select * exclude (choice_metadata), choice_metadata.weight as weight
from (select * exclude (answer), unnest(answer) from answers)
