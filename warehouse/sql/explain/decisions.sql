-- One row a decision of a person about the response, or about whose it is; oldest first.
with ids as (
    select distinct cast(signatory_id as varchar) as id from core.disposition_changes where response_id = $response_id
)
select decision_no, kind, subject, other_subject, verdict, who, decided_at, undone_at
from core.decisions
where (kind in ('response', 'apart') and subject = $response_id)
    or (kind = 'pair' and (subject in (select id from ids) or other_subject in (select id from ids)))
order by decision_no
