-- One row a typed response of a person: by the email keys of the address, by those that people decided to be the
-- same person's, and by the address as typed, which may be none that has a key; and whether people decided that
-- it is another person's than the rest of its address.
with own_keys as (
    select unnest($keys) as email_key
),
persons as (
    select same_person.person_key
    from staging.same_person as same_person
    join own_keys on own_keys.email_key in (same_person.email_key, same_person.person_key)
),
all_keys as (
    select email_key from own_keys
    union
    select same_person.email_key
    from staging.same_person as same_person
    join persons on persons.person_key = same_person.person_key
)
select
    signatures.response_id,
    signatures.email,
    signatures.email_key,
    apart.subject is not null as is_apart
from core.signatures as signatures
left join staging.decided as apart on apart.kind = 'apart' and apart.subject = signatures.response_id
where signatures.email_key in (select email_key from all_keys)
    or concat('response ', signatures.response_id) in (select email_key from all_keys)
    or lower(trim(signatures.email)) = lower(trim($address))
