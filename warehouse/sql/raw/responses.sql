-- Adds one row a response whose text is not kept yet.
insert into raw.responses (response_id, survey_id, body, body_md5, source, run_id, fetched_at)
with incoming as (
    select unnest($ids) as response_id, unnest($bodies) as body
),
hashed as (
    select response_id, body, md5_number(body) as body_md5 from incoming
),
known as (
    select response_id, body_md5 from raw.responses where response_id in (select unnest($ids))
)
select hashed.response_id, $survey_id, hashed.body, hashed.body_md5, $source, $run_id, $fetched_at
from hashed
anti join known on known.response_id = hashed.response_id and known.body_md5 = hashed.body_md5
