-- One row a text that people gave as their role, then one a choice of the role question: how many signatories
-- have it, what it is shown as, and whether staff decided that.
with texts as (
    select
        'text' as kind,
        other_texts.text,
        count(*) as n_signatories,
        coalesce(other_texts.role, 'Other') as role,
        other_texts.role is not null as is_decided,
        1 as part
    from staging.other_texts as other_texts
    join core.signatories as signatories
        on signatories.role_state = 'other' and signatories.role_other = other_texts.text
    group by other_texts.text, other_texts.role
),
chosen as (
    select role_choice_id as choice_id, count(*) as n_signatories
    from core.signatories
    where role_choice_id is not null
    group by role_choice_id
),
decided as (
    select subject as choice_id, verdict from staging.decided where kind = 'choice'
),
choices as (
    select
        'choice' as kind,
        any_value(choices.text) as text,
        option_id as choice_id,
        coalesce(any_value(chosen.n_signatories), 0) as n_signatories,
        any_value(roles.role) as role,
        count(decided.choice_id) > 0 as is_decided,
        2 as part,
        min(roles.position) as position
    from staging.roles as roles
    join staging.choices as choices using (option_id)
    left join chosen on chosen.choice_id = option_id
    left join decided on decided.choice_id = option_id
    group by option_id
),
unknown as (
    select
        'unknown choice' as kind,
        chosen.choice_id,
        chosen.n_signatories,
        coalesce(decided.verdict, '(unknown choice)') as role,
        decided.verdict is not null as is_decided,
        3 as part
    from chosen
    anti join staging.roles as roles on roles.option_id = chosen.choice_id
    left join decided on decided.choice_id = chosen.choice_id
)
select kind, text, choice_id, n_signatories, role, is_decided
from (from texts union all by name from choices union all by name from unknown)
order by part, position, n_signatories desc, text, choice_id
