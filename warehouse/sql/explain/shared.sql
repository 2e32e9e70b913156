-- One row a response of the same person, the one asked for included, winner first; and the rule by which the
-- winner stands before it.
with members as (
    select
        others.response_id,
        others.disposition,
        others.reason,
        signatures.created_at,
        signatures.modified_at
    from core.dispositions as asked
    join core.dispositions as others on others.email_key = asked.email_key
    join core.signatures as signatures on signatures.response_id = others.response_id
    where asked.response_id = $response_id
),
winner as (
    select response_id, modified_at from members where disposition = 'signatory'
)
select
    members.response_id,
    members.disposition as place,
    members.reason,
    members.created_at,
    members.modified_at,
    case
        when members.disposition <> 'duplicate' then null
        when members.modified_at is null or members.modified_at < winner.modified_at then 'changed later'
        else 'changed at the same instant, and has the larger id'
    end as winner_by
from members
left join winner on true
order by members.disposition = 'signatory' desc, members.modified_at desc
