-- One row a day (Europe/London) and role that somebody had signed in by a release.
select signed_on, role, cast(sum(n_more) as bigint) as n_signatories
from releases.day_changes
where release_no <= $release_no
group by signed_on, role
having sum(n_more) <> 0
order by signed_on, role
