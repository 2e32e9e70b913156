-- One row a thing that the platform counts too: all responses, then each choice of the role question in the
-- order of the form. Choices with one text are one.
with choices as (
    select
        option_id,
        min(text) as text,
        min(position + case when kind = 'other' then 1000 else 0 end) as position
    from staging.choices
    group by option_id
)
select
    case
        when compared.choice_id is null then 'responses'
        else concat('role: ', coalesce(nullif(choices.text, ''), '(without a text)'))
    end as what,
    cast(sum(compared.n_platform) as bigint) as n_platform,
    cast(sum(compared.n_here) as bigint) as n_here,
    max(compared.compared_at) as compared_at
from staging.compared as compared
left join choices on choices.option_id = compared.choice_id
group by 1
order by min(case when compared.choice_id is null then 0 else 1 end), min(choices.position), 1
