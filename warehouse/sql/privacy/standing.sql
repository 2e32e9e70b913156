-- One row a response that comes in and is known: whether it was erased, and when its newest version was changed
-- (null where none says).
select
    known.response_id,
    bool_or(known.is_erased) as is_erased,
    max(known.changed_at) as changed_at
from (
    select
        versions.response_id,
        false as is_erased,
        try_cast(try(versions.body ->> '$.date_modified') as timestamptz) as changed_at
    from raw.responses as versions
    semi join incoming on incoming.response_id = versions.response_id
    union all
    select erased.response_id, true, cast(null as timestamptz)
    from privacy.erased_responses as erased
    semi join incoming on incoming.response_id = erased.response_id
) as known
group by known.response_id
