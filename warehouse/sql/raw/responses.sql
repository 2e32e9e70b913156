-- Adds one row a response whose text its source has not given before. A text given before is added again
-- only where it comes back within the second of the one given last: an edit there and back, which no time
-- tells apart.
insert into raw.responses (response_id, survey_id, body, body_md5, source, run_id, fetched_at)
with incoming as (
    select unnest($ids) as response_id, unnest($bodies) as body
),
hashed as (
    select response_id, body, md5_number(body) as body_md5 from incoming
),
kept as (
    select received_no, response_id, body, body_md5
    from raw.responses
    where source = $source and response_id in (select unnest($ids))
),
known as (
    select distinct response_id, body_md5 from kept
),
given_last as (
    select
        response_id,
        arg_max(body_md5, received_no) as body_md5,
        arg_max(body, received_no) as body
    from kept
    group by response_id
)
select hashed.response_id, $survey_id, hashed.body, hashed.body_md5, $source, $run_id, $fetched_at
from hashed
left join known on known.response_id = hashed.response_id and known.body_md5 = hashed.body_md5
left join given_last on given_last.response_id = hashed.response_id
where known.response_id is null
    or (
        given_last.body_md5 <> hashed.body_md5
        and (given_last.body ->> '$.date_modified') is not distinct from (hashed.body ->> '$.date_modified')
    )
