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
candidates as (
    select *, true as is_ticked from ticked
    union all
    select *, false from ticked_once
),
reasons as (
    select
        candidates.choice_id,
        candidates.response_id,
        unnest(case
            when is_more_here and is_ticked and withdrawn.noticed_at > $compared_at
                then {'reason_no': 1, 'reason': 'withdrawn since'}
            when is_more_here and not is_ticked and received_at > $compared_at
                then {'reason_no': 1, 'reason': 'changed since'}
            when is_more_here and is_ticked and received_at is not null and withdrawn.noticed_at is null
                and signatures.status is distinct from 'completed'
                then {'reason_no': 2, 'reason': concat('status ', coalesce(signatures.status, 'missing'))}
            when not is_more_here and is_ticked and received_at > $compared_at
                then {'reason_no': 1, 'reason': 'came or changed since'}
            when not is_more_here and not is_ticked and received_at <= $compared_at
                then {'reason_no': 2, 'reason': 'changed before, to another role'}
            when not is_more_here and is_ticked and withdrawn.noticed_at <= $compared_at
                then {'reason_no': 3, 'reason': 'withdrawn before'}
        end)
    from candidates
    left join received using (response_id)
    left join core.withdrawn as withdrawn using (response_id)
    left join core.signatures as signatures using (response_id)
)
select choice_id, response_id, reason
from reasons
where reason is not null
qualify row_number() over (partition by choice_id order by reason_no, reason, response_id) <= $most
order by choice_id, reason_no, reason, response_id
