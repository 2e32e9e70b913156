-- One row: how many responses the platform should still have.
select count(distinct response_id) as n
from raw.responses
where survey_id = $survey_id and source = 'api'
    and response_id not in (select response_id from core.withdrawn)
