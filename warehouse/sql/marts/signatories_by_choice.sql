-- One row a breakdown and choice: each on the current form, even if nobody made it, each that a person made,
-- Other where the question has or had an other-line, and (no answer). The rows of a breakdown add up to the
-- signatories.
with asked as (
    select breakdowns.breakdown_no, choices.kind, choices.text, choices.position, choices.is_current
    from staging.breakdowns as breakdowns
    join staging.choices as choices on choices.question_id = breakdowns.question_id
),
shown as (
    select breakdown_no, choice, position, 1 as n from staging.signatory_choices
    union all
    select breakdown_no, text, position, 0 from asked where kind = 'choice' and is_current
    union all
    select breakdown_no, 'Other', 100000, 0 from asked where kind = 'other'
    union all
    select breakdown_no, '(no answer)', 100002, 0 from staging.breakdowns
),
counted as (
    select breakdown_no, choice, sum(n) as n, min(position) as position from shown group by breakdown_no, choice
)
select
    breakdowns.breakdown,
    breakdowns.question,
    counted.choice,
    cast(counted.n as bigint) as n_signatories,
    breakdowns.breakdown_no,
    row_number() over (
        partition by breakdowns.breakdown_no order by counted.position, counted.choice
    ) as choice_no
from counted
join staging.breakdowns as breakdowns
    on breakdowns.breakdown_no = counted.breakdown_no and breakdowns.place_no = 1
order by breakdowns.breakdown_no, choice_no
