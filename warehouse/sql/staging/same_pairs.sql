-- One row a pair of ids of one person: decided to be, or of a person made of several and the first of them.
with decided as (
    select cast(subject as bigint) as one_id, cast(other_subject as bigint) as other_id
    from staging.decided
    where kind = 'pair' and verdict = 'same'
)
select one_id, other_id from decided
union
select ids.signatory_id, cast(substr(ids.email_key, 8) as bigint)
from core.signatory_ids as ids
where starts_with(ids.email_key, 'person ')
    and ids.signatory_id in (select one_id from decided union select other_id from decided)
