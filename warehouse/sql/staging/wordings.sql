-- One row a version of the form that was in force: what people sign on it, and since when the form says so.
-- That is when the platform says the first of several versions with one text, without a break, was changed. It
-- isn't known where that version had been in force before: its design is kept as it first came.
with in_force as (
    select
        forms.change_no,
        forms.version,
        texts.pledge_text,
        case
            when forms.change_no > min(forms.change_no) over (partition by forms.version) then null
            when texts.modified_at is null and count(*) over () = 1 then texts.created_at
            else texts.modified_at
        end as changed_at,
        texts.pledge_text is distinct from lag(texts.pledge_text) over (order by forms.change_no) as is_first
    from raw.forms_in_force as forms
    left join staging.pledge_texts as texts on texts.version = forms.version
    where forms.survey_id = $survey_id
),
numbered as (
    select *, count(*) filter (where is_first) over (order by change_no) as wording_no from in_force
),
dated as (
    select
        version, change_no, pledge_text,
        first_value(changed_at) over (partition by wording_no order by change_no) as worded_since
    from numbered
    where pledge_text is not null
)
select version, pledge_text, worded_since
from dated
qualify row_number() over (partition by version order by change_no desc) = 1
