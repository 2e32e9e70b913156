-- One row a signal as it stands in this run, about people looked at and those who share something with them.
select distinct 'same-mailbox' as signal, first_id as signatory_id, signatory_id as other_id,
    cast(null as varchar) as response_id
from staging.sharing
where signatory_id <> first_id
union all
select distinct 'address-typo', signatory_id, other_id, cast(null as varchar) from staging.slips
union all
select 'two-people-one-address', signatory_id, cast(null as bigint), response_id from staging.other_people
union all
select 'disposable-domain', people.signatory_id, cast(null as bigint), people.response_id
from staging.people as people
join staging.disposable as disposable
    on disposable.domain = regexp_extract(people.address_key, '@([^@]*)$', 1)
union all
select 'too-fast', people.signatory_id, cast(null as bigint), people.response_id
from staging.people as people
semi join staging.known_quick as quick on quick.response_id = people.response_id
union all
select 'burst', signatory_id, cast(null as bigint), response_id from staging.bursts
