-- One row a text that people gave as their role, then one a choice of the role question: how many signatories
-- have it, what it is shown as, and whether staff decided that.
with texts as (
    select
        'text' as kind,
        other_texts.text,
        cast(null as varchar) as choice_id,
        count(*) as n_signatories,
        coalesce(other_texts.role, 'Other') as role,
        other_texts.role is not null as is_decided
    from staging.other_texts as other_texts
    join core.signatories as signatories
        on signatories.role_state = 'other' and signatories.role_other = other_texts.text
    group by other_texts.text, other_texts.role
),
chosen as (
    select role_choice_id, count(*) as n_signatories
    from core.signatories
    where role_choice_id is not null
    group by role_choice_id
),
choices as (
    select
        'choice' as kind,
        any_value(choices.text) as text,
        roles.option_id as choice_id,
        coalesce(any_value(chosen.n_signatories), 0) as n_signatories,
        any_value(roles.role) as role,
        count(decided.subject) > 0 as is_decided,
        min(roles.position) as position
    from staging.roles as roles
    join staging.choices as choices on choices.option_id = roles.option_id
    left join chosen on chosen.role_choice_id = roles.option_id
    left join staging.decided as decided on decided.kind = 'choice' and decided.subject = roles.option_id
    group by roles.option_id
),
unknown as (
    select
        'unknown choice' as kind,
        cast(null as varchar) as text,
        chosen.role_choice_id as choice_id,
        chosen.n_signatories,
        coalesce(decided.verdict, '(unknown choice)') as role,
        decided.subject is not null as is_decided
    from chosen
    anti join staging.roles as roles on roles.option_id = chosen.role_choice_id
    left join staging.decided as decided on decided.kind = 'choice' and decided.subject = chosen.role_choice_id
),
together as (
    select kind, text, choice_id, n_signatories, role, is_decided, 1 as part, 0 as position from texts
    union all
    select kind, text, choice_id, n_signatories, role, is_decided, 2 as part, position from choices
    union all
    select kind, text, choice_id, n_signatories, role, is_decided, 3 as part, 0 as position from unknown
)
select kind, text, choice_id, n_signatories, role, is_decided
from together
order by part, position, n_signatories desc, text, choice_id
