-- Takes the IP address out of some versions of responses; what their texts say otherwise stays byte for byte.
update raw.responses
set body = without.body, body_md5 = md5_number(without.body)
from (
    select received_no, regexp_replace(body, $pattern, $replacement, 'g') as body
    from raw.responses
    where received_no in (select unnest($numbers)) and received_no between $first and $last
) as without
where raw.responses.received_no = without.received_no
    and raw.responses.received_no between $first and $last
