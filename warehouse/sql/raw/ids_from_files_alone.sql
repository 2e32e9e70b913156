-- One row a response that came from export files only, and is neither withdrawn nor erased.
select response_id
from raw.responses
where survey_id = $survey_id
    and response_id not in (select response_id from core.withdrawn)
    and response_id not in (select response_id from privacy.erased_responses)
group by response_id
having bool_and(source <> 'api')
