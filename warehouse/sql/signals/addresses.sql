-- One row an email key of a person to look at: one each, or several for a person made of several by a decision.
select signatory_id, own_key as email_key, name
from staging.people
where own_key is not null
union all
select distinct people.signatory_id, signatures.email_key, people.name
from staging.people as people
join core.dispositions as dispositions
    on dispositions.email_key = people.person_key and dispositions.disposition = 'duplicate'
join core.signatures as signatures on signatures.response_id = dispositions.response_id
where starts_with(people.person_key, 'person ') and signatures.email_key <> people.own_key
