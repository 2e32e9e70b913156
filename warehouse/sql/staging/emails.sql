-- One row a response with an address: as typed, and its key where SQL alone decides it. A plain ASCII
-- address of this conservative shape, once trimmed, is its own key in lower case; checks.people.email_key decides
-- any other, and would decide these alike.
select
    response_id,
    email,
    case
        when regexp_matches(
            trim(email),
            '^[A-Za-z0-9](?:[._+-]?[A-Za-z0-9]){0,31}@(?:[A-Za-z0-9](?:-?[A-Za-z0-9]){0,24}\.){1,3}(?:[A-Za-z]{2}|[Cc][Oo][Mm]|[Nn][Ee][Tt]|[Oo][Rr][Gg]|[Ee][Dd][Uu]|[Gg][Oo][Vv]|[Ii][Nn][Ff][Oo]|[Ss][Cc][Oo][Tt])$'
        ) then lower(trim(email))
    end as plain_key
from staging.fields
where email is not null
