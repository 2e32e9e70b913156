-- One row a difference: how many responses a file says were changed so many minutes later than the newest
-- version of a source says. Seconds are left out, as a spreadsheet loses them. A body is read only where the
-- newest version of all, which is typed, is another source's.
with typed as (
    select given.modified_at as told_at, signatures.modified_at
    from core.signatures as signatures
    join given on given.response_id = signatures.response_id
    where signatures.survey_id = $survey_id and signatures.source = $source
),
others as (
    select
        given.arrival_no,
        max(given.modified_at) as told_at,
        max(responses.received_no) as received_no
    from raw.responses as responses
    join given on given.response_id = responses.response_id
    where responses.survey_id = $survey_id and responses.source = $source
        and not exists (
            select 1
            from core.signatures as signatures
            where signatures.response_id = responses.response_id and signatures.source = $source
        )
    group by given.arrival_no
),
known as (
    from typed
    union all
    select others.told_at, try_cast(responses.body ->> '$.date_modified' as timestamptz)
    from raw.responses as responses
    join others on others.received_no = responses.received_no
)
select epoch_ms(told_at) // 60000 - epoch_ms(modified_at) // 60000 as minutes, count(*) as n
from known
where modified_at is not null and told_at is not null
group by minutes
