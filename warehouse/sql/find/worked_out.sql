-- One row a thing that was worked out from these responses and is kept: what it is, and its value.
with people as (
    select signatories.signatory_id
    from core.signatories as signatories
    join core.dispositions as dispositions on dispositions.email_key = signatories.email_key
    where dispositions.response_id in (select unnest($ids::varchar[]))
)
select 'the address in the form by which duplicates are found' as what, email_key as value
from core.signatures
where response_id in (select unnest($ids::varchar[])) and email_key is not null
union
select 'the number under which the person is counted', cast(signatory_id as varchar) from people
union
select 'the mailbox that the address is a spelling of', mailbox
from core.mailboxes
where signatory_id in (select signatory_id from people)
union
select 'the name in the form by which names are compared', name_key
from core.mailboxes
where signatory_id in (select signatory_id from people) and name_key is not null
union
select 'a keyed hash of the internet address block that the form was sent from', block
from core.address_blocks
where response_id in (select unnest($ids::varchar[]))
union
select 'a note that the form was filled in faster than it can be read', response_id
from core.quick_responses
where response_id in (select unnest($ids::varchar[]))
union
select concat('a reason to look again: ', reasons.reason), cast(signals.noticed_at as varchar)
from core.signals as signals
join core.signal_reasons as reasons on reasons.signal = signals.signal
where signals.signatory_id in (select signatory_id from people)
    or signals.other_id in (select signatory_id from people)
    or signals.response_id in (select unnest($ids::varchar[]))
order by what, value
