-- One row a response that comes in, in the order given: without its IP address where that isn't kept any more.
-- origin: the address that was taken out, for tonight's signals; null where none is kept at all.
-- An address as the platform writes it is taken out by the cheap pattern; what is left is looked at closely only
-- where there is more of the kind than empty ones.
with dated as (
    select
        arrival_no,
        response_id,
        body,
        $is_none_kept or coalesce(
            try_cast(try(json_extract_string(body, '$.date_created')) as timestamptz),
            try_cast(try(json_extract_string(body, '$.date_modified')) as timestamptz),
            timestamptz '-infinity'
        ) < cast($made_before as timestamptz) as is_old
    from incoming
),
usual as (
    select
        arrival_no,
        response_id,
        case
            when is_old then regexp_replace(body, ',"ip_address":"[^"\\]+"', ',"ip_address":""', 'g')
            else body
        end as body,
        is_old,
        case when is_old and not $is_none_kept then try(json_extract_string(body, '$.ip_address')) end as origin
    from dated
)
select
    response_id,
    case
        when is_old and contains(replace(body, '"ip_address":""', ''), '"ip_address"')
            then regexp_replace(body, $pattern, $replacement, 'g')
        else body
    end as body,
    origin
from usual
order by arrival_no
