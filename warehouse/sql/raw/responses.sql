-- Adds one row a response whose text its source has not given before. A text given before is added again
-- only where it comes back within the second of the one given last: an edit there and back, which no time
-- tells apart, unless a later file of the same import tells that response again. Bodies kept are read for those
-- alone: reading all would take longer with each night.
insert into raw.responses (response_id, survey_id, body, body_md5, source, run_id, fetched_at)
with hashed as (
    select arrival_no, response_id, body, md5_number(body) as body_md5 from incoming
),
kept as (
    select received_no, response_id, body_md5
    from raw.responses
    where source = $source and response_id in (select response_id from incoming)
),
known as (
    select distinct response_id, body_md5 from kept
),
given_last as (
    select response_id, max(received_no) as received_no, arg_max(body_md5, received_no) as body_md5
    from kept
    group by response_id
),
given_earlier as (
    select hashed.arrival_no, hashed.body, given_last.received_no
    from hashed
    join known on known.response_id = hashed.response_id and known.body_md5 = hashed.body_md5
    join given_last on given_last.response_id = hashed.response_id
    where given_last.body_md5 <> hashed.body_md5
        and not exists (select 1 from told_again where told_again.response_id = hashed.response_id)
),
given_back as (
    select given_earlier.arrival_no
    from given_earlier
    join raw.responses as last on last.received_no = given_earlier.received_no
    where (last.body ->> '$.date_modified') is not distinct from (given_earlier.body ->> '$.date_modified')
)
select hashed.response_id, $survey_id, hashed.body, hashed.body_md5, $source, $run_id, $fetched_at
from hashed
left join known on known.response_id = hashed.response_id and known.body_md5 = hashed.body_md5
left join given_back on given_back.arrival_no = hashed.arrival_no
where known.response_id is null or given_back.arrival_no is not null
order by hashed.arrival_no
