-- One row a response: the place it was in then, and whose it was. Without those whose answers have been
-- erased since: what they said can't be known any more.
with then_in as (
    select response_id, disposition as place, reason, signatory_id
    from core.disposition_changes
    where changed_at <= $upto
    qualify row_number() over (partition by response_id order by change_no desc) = 1
),
gone as (
    select response_id from privacy.erased_responses where erased_at > $upto
    union
    select withdrawn.response_id
    from core.withdrawn as withdrawn
    join then_in on then_in.response_id = withdrawn.response_id
    where withdrawn.erased_at > $upto and then_in.place in ('signatory', 'duplicate')
)
select then_in.response_id, then_in.place, then_in.reason, then_in.signatory_id
from then_in
anti join gone on gone.response_id = then_in.response_id
