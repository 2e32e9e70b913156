-- At most one row: the form that the last finished run met, and told of whatever had changed on it until then.
select surveys.version, surveys.body
from ledger.runs as runs
join raw.surveys as surveys
    on surveys.survey_id = $survey_id and surveys.version = (runs.record ->> '$.form_version')
where runs.ended_at is not null and runs.state <> 'refused'
order by runs.started_at desc, runs.run_id desc
limit 1
