-- One row a response that is where it is because a person decided it: the latest such decision, in force or
-- undone since (then the next build puts the response elsewhere).
with decisions as (
    select *
    from core.decisions
    where kind = 'response'
    qualify row_number() over (partition by subject, verdict order by undone_at is null desc, decision_no desc) = 1
)
select
    places.response_id,
    places.place,
    places.reason,
    decisions.decision_no,
    decisions.who,
    decisions.decided_at,
    decisions.undone_at
from core.places as places
join decisions
    on decisions.subject = places.response_id
    and (
        (places.reason = 'accepted by a person' and decisions.verdict = 'accept')
        or (places.reason = 'rejected by a person' and decisions.verdict = 'reject')
    )
order by places.place, decisions.decision_no
