-- One row a response with the same email key, the one asked for included, winner first.
select
    others.response_id,
    others.place,
    others.reason,
    signatures.created_at,
    signatures.modified_at
from core.places as asked
join core.places as others on others.email_key = asked.email_key
join core.signatures as signatures on signatures.response_id = others.response_id
where asked.response_id = $response_id
order by others.place = 'signatory' desc, signatures.modified_at desc
