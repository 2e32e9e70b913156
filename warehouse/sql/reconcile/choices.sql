-- One row a choice that the platform counted when it was last asked, in the order of the form.
with choices as (
    select
        option_id,
        min(text) as text,
        min(position + case when kind = 'other' then 1000 else 0 end) as position
    from staging.choices
    group by option_id
)
select
    compared.choice_id,
    coalesce(choices.text, '') as text,
    compared.n_platform,
    compared.n_here
from staging.compared as compared
left join choices on choices.option_id = compared.choice_id
where compared.choice_id is not null
order by choices.position, compared.choice_id
