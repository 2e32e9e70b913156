-- One row a role that somebody had who first signed by a day (Europe/London), as a release has it.
select role, cast(sum(n_more) as bigint) as n_signatories
from releases.day_changes
where release_no <= $release_no and signed_on <= $day
group by role
having sum(n_more) <> 0
