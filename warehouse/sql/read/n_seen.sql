-- One row: responses of the survey ever received.
select
    (select count(distinct response_id) from raw.responses where survey_id = $survey_id)
    + (select coalesce(sum(n_responses), 0) from privacy.tombstones where kind = 'response') as n_seen
