-- One row a response that comes in from $source and is known: whether it was erased, whether the platform gave it
-- and so goes before a file, and when its newest version from there was changed (null where none says).
select
    known.response_id,
    bool_or(known.is_erased) as is_erased,
    $source <> 'api' and bool_or(known.source = 'api') as is_platforms,
    max(known.changed_at) filter (where known.source = $source) as changed_at
from (
    select
        versions.response_id,
        versions.source,
        false as is_erased,
        try_cast(try(versions.body ->> '$.date_modified') as timestamptz) as changed_at
    from raw.responses as versions
    semi join incoming on incoming.response_id = versions.response_id
    union all
    select erased.response_id, '', true, cast(null as timestamptz)
    from privacy.erased_responses as erased
    semi join incoming on incoming.response_id = erased.response_id
) as known
group by known.response_id
