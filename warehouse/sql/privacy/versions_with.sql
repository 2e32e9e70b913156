-- One row a version that may hold one of the words, or that isn't plain ASCII, whose spellings are many; of all
-- versions where there are no words. is_newest: the response is what this version says.
select
    versions.received_no,
    versions.response_id,
    versions.body,
    coalesce(versions.received_no = signatures.received_no, true) as is_newest
from raw.responses as versions
left join core.signatures as signatures on signatures.response_id = versions.response_id
where regexp_matches(versions.body, '[^ -~\t\r\n]|\\u')
    or len($words) = 0
    or len(list_filter($words, lambda word: contains(lower(versions.body), word))) > 0
