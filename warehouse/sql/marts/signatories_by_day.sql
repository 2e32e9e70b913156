-- One row a day (Europe/London) on which somebody signed.
with days as (
    select cast(signed_at as date) as signed_on, count(*) as n_signatories
    from core.signatories
    where signed_at is not null
    group by signed_on
)
select
    signed_on,
    n_signatories,
    cast(sum(n_signatories) over (order by signed_on) as bigint) as n_signatories_to_date
from days
order by signed_on
