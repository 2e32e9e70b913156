-- One row a day and role whose count in the published file that is in use isn't the sum of all changes so far.
with counts as (
    select signed_on, role, count(*) as n from signatories where signed_on is not null group by signed_on, role
    union all
    select signed_on, role, -n_more from vault.releases.day_changes
)
select
    (select max(release_no) from vault.releases.figures) as release_no,
    signed_on,
    role,
    sum(n) as n_more
from counts
group by signed_on, role
having sum(n) <> 0
