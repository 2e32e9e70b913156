-- One row a response held back that a person has let in: each rule it fails now was among those it failed
-- then. Without any readable time it would stand on no day, so it stays held back.
select held_back.response_id
from core.held_back as held_back
join staging.decided as decided
    on decided.kind = 'response' and decided.verdict = 'accept' and decided.subject = held_back.response_id
join core.signatures as signatures on signatures.response_id = held_back.response_id
where coalesce(signatures.created_at, signatures.modified_at) is not null
    and len(list_filter(
        string_split(held_back.all_rules, ','),
        lambda rule: not list_contains(string_split(decided.detail, ','), rule)
    )) = 0
