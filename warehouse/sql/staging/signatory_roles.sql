-- One row a person: the role as shown, and where it stands on the form.
select
    signatories.signatory_id,
    case
        when signatories.role_state in ('known', 'several') then coalesce(roles.role, '(unknown choice)')
        when signatories.role_state = 'other' then 'Other'
        when signatories.role_state = 'unknown choice' then '(unknown choice)'
        when signatories.role_state = 'not asked' then '(not asked)'
        else '(no answer)'
    end as role,
    case
        when signatories.role_state in ('known', 'several') and roles.role is not null then roles.position
        when signatories.role_state = 'other' then 100000
        when signatories.role_state = 'no answer' then 100002
        else 100001
    end as position
from core.signatories as signatories
left join staging.roles as roles on roles.option_id = signatories.role_choice_id
