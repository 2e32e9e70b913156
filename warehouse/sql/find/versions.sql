-- One row a version of these responses, and each of these versions, oldest first: as received, from where and when.
select
    versions.response_id,
    versions.survey_id,
    case versions.source when 'api' then 'SurveyMonkey' else 'an export file' end as received_from,
    versions.fetched_at as received_at,
    versions.body,
    erased.erased_at
from raw.responses as versions
left join privacy.erased_responses as erased on erased.response_id = versions.response_id
where versions.response_id in (select unnest($ids::varchar[]))
    or versions.received_no in (select unnest($numbers::bigint[]))
order by try_cast(versions.response_id as hugeint), versions.response_id, versions.received_no
