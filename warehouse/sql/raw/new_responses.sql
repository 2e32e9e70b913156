-- Adds one row a response, none of which was ever given before.
insert into raw.responses (response_id, survey_id, body, body_md5, source, run_id, fetched_at)
select response_id, $survey_id, body, md5_number(body), $source, $run_id, $fetched_at
from incoming
