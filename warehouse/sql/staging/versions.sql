-- One row a version of the form that was in force, numbered from 1 in the order first seen.
select
    row_number() over (order by first_seen_at, version) as pledge_version,
    version, title, wording, first_seen_at
from raw.surveys
where survey_id = $survey_id
    and version in (select version from raw.forms_in_force where survey_id = $survey_id)
