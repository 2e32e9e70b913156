-- One row a choice whose counts differ and a response that could be why, the likeliest reasons first; no more
-- than a few a choice. is_more_here: we counted more than the platform; it may count late, or fewer statuses,
-- or have had an edit or a deletion that the night didn't meet. An earlier version of a response is looked
-- through as text: its ids stand in quotes.
with asked as (select unnest($choice_ids) as choice_id, unnest($are_more_here) as is_more_here),
ticked as (
    select distinct answers.response_id, asked.choice_id, asked.is_more_here
    from core.answers as answers
    join ledger.fields as fields on fields.field = 'role' and fields.question_id = answers.question_id
    join asked on asked.choice_id in (answers.choice_id, answers.other_id)
    where answers.survey_id = $survey_id
),
edited as (
    select response_id
    from raw.responses
    where survey_id = $survey_id
    group by response_id
    having count(*) > 1
),
ticked_once as (
    select distinct versions.response_id, asked.choice_id, asked.is_more_here
    from raw.responses as versions
    semi join edited on edited.response_id = versions.response_id
    join asked on contains(versions.body, concat('"', asked.choice_id, '"'))
    anti join ticked on ticked.response_id = versions.response_id and ticked.choice_id = asked.choice_id
),
received as (
    select response_id, max(fetched_at) as received_at
    from raw.responses
    where survey_id = $survey_id and source = 'api'
    group by response_id
),
reasons as (
    select ticked.choice_id, ticked.response_id, 1 as reason_no, 'withdrawn since' as reason
    from ticked
    join core.withdrawn as withdrawn on withdrawn.response_id = ticked.response_id
    where ticked.is_more_here and withdrawn.noticed_at > $compared_at
    union all
    select ticked_once.choice_id, ticked_once.response_id, 1, 'changed since'
    from ticked_once
    join received on received.response_id = ticked_once.response_id
    where ticked_once.is_more_here and received.received_at > $compared_at
    union all
    select ticked.choice_id, ticked.response_id, 2, concat('status ', coalesce(signatures.status, 'missing'))
    from ticked
    join core.signatures as signatures on signatures.response_id = ticked.response_id
    join received on received.response_id = ticked.response_id
    anti join core.withdrawn as withdrawn on withdrawn.response_id = ticked.response_id
    where ticked.is_more_here and signatures.status is distinct from 'completed'
    union all
    select ticked.choice_id, ticked.response_id, 1, 'came or changed since'
    from ticked
    join received on received.response_id = ticked.response_id
    where not ticked.is_more_here and received.received_at > $compared_at
    union all
    select ticked_once.choice_id, ticked_once.response_id, 2, 'changed before, to another role'
    from ticked_once
    join received on received.response_id = ticked_once.response_id
    where not ticked_once.is_more_here and received.received_at <= $compared_at
    union all
    select ticked.choice_id, ticked.response_id, 3, 'withdrawn before'
    from ticked
    join core.withdrawn as withdrawn on withdrawn.response_id = ticked.response_id
    where not ticked.is_more_here and withdrawn.noticed_at <= $compared_at
),
first_reasons as (
    select *
    from reasons
    qualify row_number() over (partition by choice_id, response_id order by reason_no) = 1
)
select choice_id, response_id, reason
from first_reasons
qualify row_number() over (partition by choice_id order by reason_no, reason, response_id) <= $most
order by choice_id, reason_no, reason, response_id
