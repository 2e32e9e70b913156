-- One row a version of a response received after $after and up to $upto whose text holds an IP address, and when
-- the response was made: when it was begun, or else when it was changed. Most hold an empty one, and are told
-- by that before they are looked at closely.
select
    received_no,
    coalesce(
        try_cast(try(json_extract_string(body, '$.date_created')) as timestamptz),
        try_cast(try(json_extract_string(body, '$.date_modified')) as timestamptz)
    ) as made_at
from raw.responses
where received_no > $after and received_no <= $upto
    and contains(replace(body, '"ip_address":""', ''), '"ip_address"')
    and regexp_matches(body, $pattern)
