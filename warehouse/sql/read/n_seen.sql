-- One row: responses of the survey ever received.
select count(distinct response_id) as n_seen from raw.responses where survey_id = $survey_id
