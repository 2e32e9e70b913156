-- One row a touched response of the pledge: the one place it is in.
-- In this order: withdrawn; not counted (status, preview); held back; else one response an email key is
-- the signatory and the others are duplicates. The latest modified_at wins, then the larger id as a number.
with standing as (
    select
        signatures.response_id,
        signatures.email_key,
        signatures.modified_at,
        try_cast(signatures.response_id as hugeint) as response_number,
        case
            when withdrawn.response_id is not null then 'withdrawn'
            when signatures.status is distinct from 'completed' then 'not counted'
            when signatures.mode in ('preview', 'survey_preview') then 'not counted'
            when held_back.response_id is not null then 'held back'
            else 'counted'
        end as standing,
        case
            when withdrawn.response_id is not null then 'gone at the platform'
            when signatures.status is distinct from 'completed'
                then concat('status ', coalesce(nullif(signatures.status, ''), 'missing'))
            when signatures.mode in ('preview', 'survey_preview') then 'preview'
            when held_back.response_id is not null then held_back.rule
        end as reason
    from core.signatures as signatures
    join staging.touched as touched on touched.response_id = signatures.response_id
    left join core.withdrawn as withdrawn on withdrawn.response_id = signatures.response_id
    left join core.held_back as held_back on held_back.response_id = signatures.response_id
    where signatures.survey_id = $survey_id
),
ranked as (
    select
        *,
        row_number() over (
            partition by standing, email_key
            order by modified_at desc nulls last, response_number desc nulls last, response_id desc
        ) as rank
    from standing
)
select
    response_id,
    email_key,
    case
        when standing <> 'counted' then standing
        when rank = 1 then 'signatory'
        else 'duplicate'
    end as place,
    case
        when standing <> 'counted' then reason
        when rank = 1 then 'counts'
        else 'a later signature with the same email key'
    end as reason
from ranked
