-- Adds one row where another version is in force than at the last look.
insert into raw.forms_in_force (survey_id, change_no, version, in_force_from, run_id)
with last as (
    select coalesce(max(change_no), 0) as change_no, arg_max(version, change_no) as version
    from raw.forms_in_force
    where survey_id = $survey_id
)
select $survey_id, last.change_no + 1, $version, $seen_at, $run_id
from last
where last.version is distinct from $version
