-- One row a thing that the platform counted too, when that was last asked: all responses, where choice_id is
-- null, or a choice of the role question, with its text and its place on the form.
with choices as (
    select
        option_id,
        min(text) as text,
        min(position + case when kind = 'other' then 1000 else 0 end) as position
    from staging.choices
    group by option_id
),
counted as (
    select
        unnest($choice_ids::varchar[]) as choice_id,
        unnest($n_platform::bigint[]) as n_platform,
        unnest($n_here::bigint[]) as n_here,
        unnest($compared_at::timestamptz[]) as compared_at
)
select counted.choice_id, choices.text, choices.position, counted.n_platform, counted.n_here, counted.compared_at
from counted
left join choices on choices.option_id = counted.choice_id
