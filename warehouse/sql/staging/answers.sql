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
select
    response_id,
    survey_id,
    page_id,
    question_id,
    answer_no,
    answer.choice_id as choice_id,
    answer.row_id as row_id,
    answer.col_id as col_id,
    answer.other_id as other_id,
    answer.text as text,
    answer.choice_metadata.weight as weight,
    answer.download_url as download_url,
    answer.content_type as content_type
from answers
