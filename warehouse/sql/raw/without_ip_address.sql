-- One row a response that comes in, in the order given: its body without the IP address, and the address taken out,
-- with most IPv4 ones by one address of their block. An address as the platform writes it is taken out by the cheap
-- pattern; what is left is looked at closely only where there is more of the kind than empty ones.
with usual as (
    select
        arrival_no,
        regexp_replace(body, ',"ip_address":"[^"\\]+"', ',"ip_address":""', 'g') as body,
        case when contains(body, '"ip_address"') then try(json_extract_string(body, '$.ip_address')) end as origin
    from incoming
)
select
    case
        when contains(replace(body, '"ip_address":""', ''), '"ip_address"')
            then regexp_replace(body, $pattern, '\1"', 'g')
        else body
    end as body,
    regexp_replace(
        trim(origin), '^([0-9]{1,3}[.][0-9]{1,3}[.][0-9]{1,3})[.](?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])$', '\1.0'
    ) as origin
from usual
order by arrival_no
