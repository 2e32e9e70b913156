-- One row a person: the role as shown, and where it stands on the form.
with by_name as (
    select role, min(position) as position from staging.roles group by role
)
select
    signatories.signatory_id,
    case
        when signatories.role_state in ('known', 'several') then coalesce(roles.role, '(unknown choice)')
        when signatories.role_state = 'other' then coalesce(other_texts.role, 'Other')
        when signatories.role_state = 'unknown choice' then coalesce(unknown_choices.verdict, '(unknown choice)')
        when signatories.role_state = 'not asked' then '(not asked)'
        else '(no answer)'
    end as role,
    case
        when signatories.role_state in ('known', 'several') and roles.role is not null then roles.position
        when signatories.role_state = 'other' and other_texts.role is not null
            then coalesce(by_name.position, 99999)
        when signatories.role_state = 'unknown choice' and unknown_choices.verdict is not null
            then coalesce(of_choices.position, 99999)
        when signatories.role_state = 'other' then 100000
        when signatories.role_state = 'no answer' then 100002
        else 100001
    end as position
from core.signatories as signatories
left join staging.roles as roles on roles.option_id = signatories.role_choice_id
left join staging.other_texts as other_texts
    on signatories.role_state = 'other' and other_texts.text = signatories.role_other
left join staging.decided as unknown_choices
    on unknown_choices.kind = 'choice' and unknown_choices.subject = signatories.role_choice_id
left join by_name on by_name.role = other_texts.role
left join by_name as of_choices on of_choices.role = unknown_choices.verdict
