-- One row a decision in force then: the latest of its kind about a subject, unless it was undone by then.
select decision_no, kind, subject, other_subject, verdict, detail, decided_at
from core.decisions
where decided_at <= $upto and (undone_at is null or undone_at > $upto)
qualify row_number() over (partition by kind, subject, other_subject order by decision_no desc) = 1
