-- One row a response that the platform should still have.
select distinct response_id
from raw.responses
where survey_id = $survey_id and source = 'api'
    and response_id not in (select response_id from core.withdrawn)
