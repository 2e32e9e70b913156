-- One row a choice that the platform counted when it was last asked, in the order of the form.
select choice_id, coalesce(text, '') as text, n_platform, n_here
from staging.compared
where choice_id is not null
order by position, choice_id
