-- One row a response of the batch: its newest version, unless a newer one is staged already.
-- The later date_modified wins, then the platform's own over a file's, then the version received later.
with newest as (
    select
        received_no, response_id, survey_id, source, stated_survey_id, collector_id, status, mode,
        created_at, modified_at
    from staging.parsed
    qualify row_number() over (
        partition by response_id
        order by modified_at desc nulls last, source = 'api' desc, received_no desc
    ) = 1
)
select newest.*
from newest
left join core.signatures as staged on staged.response_id = newest.response_id
where staged.response_id is null
    or (staged.modified_at is null and (newest.modified_at is not null or newest.source = 'api' or staged.source <> 'api'))
    or newest.modified_at > staged.modified_at
    or (newest.modified_at = staged.modified_at and (newest.source = 'api' or staged.source <> 'api'))
