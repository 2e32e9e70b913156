-- One row a text that people gave as their role: its normal form, which capitals, punctuation and spaces don't
-- change, and the role that staff gave it or its normal form; null where they gave none.
with texts as (
    select distinct role_other as text
    from core.signatories
    where role_state = 'other' and role_other is not null
),
normal as (
    select
        text,
        trim(regexp_replace(lower(text), '[\s\p{P}\p{S}\p{Z}]+', ' ', 'g')) as normal_form
    from texts
)
select
    normal.text,
    normal.normal_form,
    coalesce(exactly.verdict, alike.verdict) as role
from normal
left join staging.decided as exactly on exactly.kind = 'exact text' and exactly.subject = normal.text
left join staging.decided as alike on alike.kind = 'other text' and alike.subject = normal.normal_form
