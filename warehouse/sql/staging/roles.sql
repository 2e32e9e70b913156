-- One row a choice of the role question, or of one that was it before: the role it is shown as. What staff
-- decided of a choice goes before groups from the settings, which go by the choice's id or its text. Roles
-- stand in the order of the form, choices that left it after the rest. Of one id in two questions the one in
-- the later question counts.
select
    choices.option_id,
    coalesce(decided.verdict, by_id.role, by_text.role, choices.text) as role,
    choices.position + case when choices.is_current then 0 else 1000 end as position
from staging.choices as choices
join ledger.fields as fields on fields.field = 'role' and fields.question_id = choices.question_id
left join staging.decided as decided on decided.kind = 'choice' and decided.subject = choices.option_id
left join staging.role_groups as by_id on by_id.choice = choices.option_id
left join staging.role_groups as by_text on by_text.choice = choices.text
where choices.kind = 'choice'
qualify row_number() over (partition by choices.option_id order by fields.place_no) = 1
