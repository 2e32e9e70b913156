-- One row a signature of a person to look at whose signatures with one address bear several names: the one
-- that counts first, then the later before the earlier.
with members as (
    select
        people.signatory_id,
        signatures.response_id,
        signatures.name,
        signatures.response_id = people.response_id as is_current,
        signatures.modified_at
    from staging.people as people
    join core.dispositions as dispositions
        on dispositions.email_key = people.person_key and dispositions.disposition in ('signatory', 'duplicate')
    join core.signatures as signatures
        on signatures.response_id = dispositions.response_id and signatures.email_key = people.own_key
    where people.n_signatures > 1
)
select signatory_id, response_id, name
from members
qualify count(distinct name) over (partition by signatory_id) > 1
order by
    signatory_id,
    is_current desc,
    modified_at desc nulls last,
    try_cast(response_id as hugeint) desc nulls last,
    response_id desc
