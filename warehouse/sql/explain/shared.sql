-- One row a response of the same person, the one asked for included, winner first; and the rule by which the
-- winner stands before it.
select
    others.response_id,
    others.disposition as place,
    others.reason, signatures.created_at, signatures.modified_at,
    case
        when place <> 'duplicate' then null
        when signatures.modified_at is null
            or signatures.modified_at < max(signatures.modified_at) filter (where place = 'signatory') over ()
            then 'changed later'
        else 'changed at the same instant, and has the larger id'
    end as winner_by
from core.dispositions as asked
join core.dispositions as others on others.email_key = asked.email_key
join core.signatures as signatures on signatures.response_id = others.response_id
where asked.response_id = $response_id
order by place = 'signatory' desc, signatures.modified_at desc
