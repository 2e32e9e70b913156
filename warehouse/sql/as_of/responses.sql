-- One row a response: its newest version of then, by the same order as in staging/responses.
select
    received_no, response_id, survey_id, source, stated_survey_id, collector_id, status, mode,
    created_at, modified_at
from staging.parsed
qualify row_number() over (
    partition by response_id
    order by source = 'api' desc, modified_at desc nulls last, received_no desc
) = 1
