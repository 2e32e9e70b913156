-- One row a version received after $after and up to $upto whose text holds an IP address. Most hold an empty one or
-- none, and are told by that before they are looked at closely.
select received_no, response_id, body
from raw.responses
where received_no > $after and received_no <= $upto
    and contains(replace(body, '"ip_address":""', ''), '"ip_address"')
    and regexp_matches(body, $pattern)
