-- One row a day (Europe/London) and role that somebody signed in, in the published file that is in use.
select signed_on, role, count(*) as n_signatories
from signatories
where signed_on is not null
group by signed_on, role
order by signed_on, role
