-- One row a text that somebody gave as their role, or that staff decided about: what stands for it from now on.
-- Texts of one normal form keep one, and differ by the dots after it, so decisions about either find them still.
with texts as (
    select role_other as text from core.signatures where survey_id = $survey_id and role_other is not null
    union
    select subject as text from core.decisions where kind = 'exact text'
),
forms as (
    select text, trim(regexp_replace(lower(text), '[\s\p{P}\p{S}\p{Z}]+', ' ', 'g')) as normal_form from texts
    union all
    select null, subject from core.decisions where kind = 'other text'
),
numbered as (
    select normal_form, row_number() over (order by md5(concat($salt, normal_form))) as number
    from (select distinct normal_form from forms)
)
select
    forms.text,
    forms.normal_form,
    concat('erased text ', numbered.number) as erased_form,
    concat(
        'erased text ',
        numbered.number,
        repeat(
            '.',
            cast(row_number() over (partition by forms.normal_form order by md5(concat($salt, forms.text))) as integer)
        )
    ) as erased_text
from forms
join numbered on numbered.normal_form = forms.normal_form
