-- Has the next build decide again the responses to be erased, and those that share an email key with one of them.
insert into core.pending_responses
select response_id from staging.to_erase
union
select others.response_id
from core.signatures as others
join core.signatures as signatures on signatures.email_key = others.email_key
join staging.to_erase as erased on erased.response_id = signatures.response_id
