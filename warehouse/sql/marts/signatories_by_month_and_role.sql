-- One row a month (Europe/London) and role that somebody signed in.
select
    cast(date_trunc('month', cast(signatories.signed_at as date)) as date) as month_on,
    roles.role,
    count(*) as n_signatories
from core.signatories as signatories
join staging.signatory_roles as roles on roles.signatory_id = signatories.signatory_id
where signatories.signed_at is not null
group by month_on, roles.role
order by month_on, roles.role
