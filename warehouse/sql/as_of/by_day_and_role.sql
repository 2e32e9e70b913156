-- One row a day (Europe/London) and role that somebody signed in then.
select
    cast(signatories.signed_at as date) as signed_on,
    roles.role,
    count(*) as n_signatories
from staging.signatories_then as signatories
join staging.signatory_roles as roles on roles.signatory_id = signatories.signatory_id
group by signed_on, roles.role
order by signed_on, roles.role
