-- One row a decision of people, made or taken back: of what kind, and when it last changed something.
select kind, verdict, greatest(decided_at, coalesce(undone_at, decided_at)) as changed_at
from core.decisions
order by changed_at
