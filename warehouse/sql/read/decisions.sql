-- One row a decision ever made, oldest first.
select
    * exclude (detail),
    undone_at is null
        and row_number() over (
            partition by kind, subject, other_subject, undone_at is null order by decision_no desc
        ) = 1 as is_in_force
from core.decisions
order by decision_no
