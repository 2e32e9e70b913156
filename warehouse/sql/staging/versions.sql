-- One row a version of the form, numbered from 1. The first one is taken to have been in force before it
-- was first seen.
select
    row_number() over (order by first_seen_at, version) as pledge_version,
    version,
    title,
    wording,
    first_seen_at,
    case
        when row_number() over (order by first_seen_at, version) = 1 then cast('0001-01-01 00:00:00+00' as timestamptz)
        else first_seen_at
    end as in_force_from
from raw.surveys
where survey_id = $survey_id
