-- One row a version received, oldest first.
select
    received_no, source, run_id, fetched_at,
    body ->> '$.response_status' as status,
    body ->> '$.collection_mode' as mode,
    body ->> '$.date_created' as created_at,
    body ->> '$.date_modified' as modified_at
from raw.responses
where response_id = $response_id
order by received_no
