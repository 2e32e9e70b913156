-- One row: what the vault holds of the platform, in a few numbers that change whenever one of them does.
select
    (select max(received_no) from raw.responses where survey_id = $survey_id and source = 'api') as newest_version,
    (select count(*) from core.withdrawn) as n_withdrawn,
    (select max(noticed_at) from core.withdrawn) as last_withdrawn_at
