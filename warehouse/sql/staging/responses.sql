-- One row a response of the batch: the version of it that counts, unless one that goes before it is staged.
-- The platform's own goes before a file's, whatever their times: a file tells no time zone. Among those of one
-- source the later date_modified wins, then the version received later.
with newest as (
    select * exclude (pages)
    from staging.parsed
    qualify row_number() over (
        partition by response_id
        order by source = 'api' desc, modified_at desc nulls last, received_no desc
    ) = 1
)
select newest.*
from newest
left join core.signatures as staged on staged.response_id = newest.response_id
where staged.response_id is null
    or (newest.source = 'api' and staged.source <> 'api')
    or (
        (newest.source = 'api') = (staged.source = 'api')
        and (staged.modified_at is null or newest.modified_at >= staged.modified_at)
    )
