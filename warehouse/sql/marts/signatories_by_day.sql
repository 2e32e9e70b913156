-- One row a day (Europe/London) on which somebody signed.
select
    cast(signed_at as date) as signed_on,
    count(*) as n_signatories,
    cast(sum(count(*)) over (order by cast(signed_at as date)) as bigint) as n_signatories_to_date
from core.signatories
where signed_at is not null
group by cast(signed_at as date)
order by signed_on
