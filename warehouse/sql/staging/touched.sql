-- One row a response to be decided again: those touched, and all that share an email key with them,
-- by the key they had or the one they have.
with keys as (
    select email_key from core.touched_keys
    union
    select signatures.email_key
    from core.signatures as signatures
    join core.touched_responses as touched on touched.response_id = signatures.response_id
    where signatures.email_key is not null
)
select response_id from core.touched_responses
union
select signatures.response_id
from core.signatures as signatures
join keys on keys.email_key = signatures.email_key
