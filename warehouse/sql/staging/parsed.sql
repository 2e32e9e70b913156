-- One row a version of a response, its text parsed once with a typed schema. Ids may come as text or
-- number; what the schema doesn't name stays in the raw text. A text that is no JSON has the status
-- unreadable, so that it is given a disposition and stops nobody else.
with versions as (
    select
        received_no, response_id, survey_id, source,
        try(from_json(
            body,
            '{
                "survey_id": "VARCHAR",
                "collector_id": "VARCHAR",
                "response_status": "VARCHAR",
                "collection_mode": "VARCHAR",
                "date_created": "VARCHAR",
                "date_modified": "VARCHAR",
                "pages": [{
                    "id": "VARCHAR",
                    "questions": [{
                        "id": "VARCHAR",
                        "answers": [{
                            "choice_id": "VARCHAR",
                            "row_id": "VARCHAR",
                            "col_id": "VARCHAR",
                            "other_id": "VARCHAR",
                            "text": "VARCHAR",
                            "choice_metadata": {"weight": "VARCHAR"},
                            "download_url": "VARCHAR",
                            "content_type": "VARCHAR"
                        }]
                    }]
                }]
            }'
        )) as response
    from raw.responses
    where received_no > $after and received_no <= $upto
)
select
    received_no, response_id, survey_id, source,
    coalesce(nullif(response.survey_id, ''), survey_id) as stated_survey_id,
    response.collector_id as collector_id,
    case when response is null then 'unreadable' else response.response_status end as status,
    response.collection_mode as mode,
    try_cast(response.date_created as timestamptz) as created_at,
    try_cast(response.date_modified as timestamptz) as modified_at,
    response.pages as pages
from versions
