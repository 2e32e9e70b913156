-- One row a response that came from export files only, and is not withdrawn.
select response_id
from raw.responses
where survey_id = $survey_id and response_id not in (select response_id from core.withdrawn)
group by response_id
having bool_and(source <> 'api')
