-- One row: what this file is.
select
    $run_id as run_id,
    $published_at as published_at,
    $fresh_as_of as fresh_as_of,
    $survey_title as survey_title,
    (select count(*) from core.signatories) as n_signatories,
    $content as content,
    $schema_version as schema_version
