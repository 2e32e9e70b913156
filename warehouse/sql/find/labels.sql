-- One row a question or choice of these surveys: its id, and what it was called last.
with ordered as (
    select survey_id, version, row_number() over (partition by survey_id order by first_seen_at) as version_no
    from raw.surveys
    where survey_id in (select unnest($survey_ids::varchar[]))
),
called as (
    select question_id as id, heading as text, version_no
    from raw.questions
    join ordered using (survey_id, version)
    union all
    select option_id, text, version_no
    from raw.options
    join ordered using (survey_id, version)
    union all
    select survey_id, title, version_no
    from raw.surveys
    join ordered using (survey_id, version)
)
select id, arg_max(text, version_no) as text
from called
group by id
