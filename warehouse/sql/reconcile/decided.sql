-- One row a response that is where it is because a person decided it: the latest such decision, in force or
-- undone since (then the next build puts the response elsewhere).
with decisions as (
    select *
    from core.decisions
    where kind = 'response'
    qualify row_number() over (partition by subject, verdict order by undone_at is null desc, decision_no desc) = 1
)
select
    dispositions.response_id,
    dispositions.disposition as place,
    dispositions.reason, decisions.decision_no, decisions.who, decisions.decided_at, decisions.undone_at
from core.dispositions as dispositions
join decisions
    on decisions.subject = dispositions.response_id
    and (
        (dispositions.reason = 'accepted by a person' and decisions.verdict = 'accept')
        or (dispositions.reason = 'rejected by a person' and decisions.verdict = 'reject')
    )
order by dispositions.disposition, decisions.decision_no
