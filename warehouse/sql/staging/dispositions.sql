-- One row a pending response of the pledge: its final disposition, and whose it is.
-- In this order: erased at the person's request; withdrawn; not counted (status, preview, rejected by a person);
-- held back, unless a person has accepted it; else one response a person is the signatory and the others are
-- duplicates. The latest modified_at wins, then the larger id as a number.
-- A person is an email key. A response accepted without a valid address, or decided to be another person's
-- than the rest of its address, is a person of its own; several that people decided to be one are one.
with standing as (
    select
        signatures.response_id,
        signatures.modified_at,
        try_cast(signatures.response_id as hugeint) as response_number,
        case
            when apart.subject is not null then concat('response ', signatures.response_id)
            when accepted.response_id is not null and signatures.email_key is null
                then concat('response ', signatures.response_id)
            else signatures.email_key
        end as own_key,
        unnest(case
            when erased.response_id is not null then {'standing': 'erased', 'reason': 'at the person''s request'}
            when withdrawn.response_id is not null then {'standing': 'withdrawn', 'reason': 'gone at the platform'}
            when signatures.status in ('partial', 'overquota', 'disqualified')
                then {'standing': 'not counted', 'reason': concat('status ', signatures.status)}
            when signatures.mode in ('preview', 'survey_preview')
                then {'standing': 'not counted', 'reason': 'preview'}
            when rejected.subject is not null then {'standing': 'not counted', 'reason': 'rejected by a person'}
            when accepted.response_id is not null then {'standing': 'counted', 'reason': 'accepted by a person'}
            when held_back.response_id is not null then {'standing': 'held back', 'reason': held_back.rule}
            when signatures.status is distinct from 'completed' then {
                'standing': 'not counted',
                'reason': concat('status ', coalesce(nullif(signatures.status, ''), 'missing'))
            }
            else {'standing': 'counted', 'reason': 'counts'}
        end)
    from core.signatures as signatures
    join staging.pending as pending on pending.response_id = signatures.response_id
    left join privacy.erased_responses as erased on erased.response_id = signatures.response_id
    left join core.withdrawn as withdrawn on withdrawn.response_id = signatures.response_id
    left join core.held_back as held_back on held_back.response_id = signatures.response_id
    left join staging.accepted as accepted on accepted.response_id = signatures.response_id
    left join staging.decided as rejected
        on rejected.kind = 'response'
        and rejected.verdict = 'reject'
        and rejected.subject = signatures.response_id
    left join staging.decided as apart on apart.kind = 'apart' and apart.subject = signatures.response_id
    where signatures.survey_id = $survey_id
),
persons as (
    select standing.*, coalesce(same_person.person_key, standing.own_key) as email_key
    from standing
    left join staging.same_person as same_person on same_person.email_key = standing.own_key
),
ranked as (
    select
        *,
        row_number() over (
            partition by standing, email_key
            order by modified_at desc nulls last, response_number desc nulls last, response_id desc
        ) as rank
    from persons
)
select
    response_id,
    email_key,
    case
        when standing <> 'counted' then standing
        when rank = 1 then 'signatory'
        else 'duplicate'
    end as disposition,
    case
        when standing = 'counted' and rank > 1 then 'a later signature with the same email key'
        else reason
    end as reason
from ranked
