-- One row a decision in force: the latest of its kind about a subject, unless it was undone.
select decision_no, kind, subject, other_subject, verdict, detail, decided_at
from core.decisions
where undone_at is null
qualify row_number() over (partition by kind, subject, other_subject order by decision_no desc) = 1
