-- One row a thing that the platform counts too: all responses, then each choice of the role question in the
-- order of the form. Choices with one text are one.
select
    case
        when choice_id is null then 'responses'
        else concat('role: ', coalesce(nullif(text, ''), '(without a text)'))
    end as what,
    cast(sum(n_platform) as bigint) as n_platform,
    cast(sum(n_here) as bigint) as n_here,
    max(compared_at) as compared_at
from staging.compared
group by 1
order by min(case when choice_id is null then 0 else 1 end), min(position), 1
