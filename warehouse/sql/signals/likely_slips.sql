-- One row a pair of people with one name whose addresses may differ by one slip; the smaller id first. Only a
-- sieve, which lets every slip through: a letter beyond ASCII counts by its bytes. Mailboxes are compared at one
-- domain; between domains the addresses as typed, since a provider's rules don't hold at its name misspelt.
select one.signatory_id, other.signatory_id as other_id, one.mailbox, other.mailbox as other_mailbox
from staging.namesakes as one
join staging.namesakes as other
    on other.name_key = one.name_key
    and other.domain = one.domain
    and other.digits = one.digits
    and other.signatory_id > one.signatory_id
anti join staging.crowded as crowded
    on crowded.name_key = one.name_key and crowded.domain = one.domain and crowded.digits = one.digits
where one.local_part <> other.local_part
    and abs(length(one.local_part) - length(other.local_part)) <= 1
    and levenshtein(one.local_part, other.local_part) <= 2 + strlen(one.local_part) - length(one.local_part)
        + strlen(other.local_part) - length(other.local_part)
union
select one.signatory_id, other.signatory_id, one.email_key, other.email_key
from staging.namesakes as one
join staging.namesakes as other
    on other.name_key = one.name_key
    and other.typed_part = one.typed_part
    and other.signatory_id > one.signatory_id
anti join staging.crowded as crowded
    on crowded.name_key = one.name_key and crowded.typed_part = one.typed_part
where one.typed_domain <> other.typed_domain
    and abs(length(one.typed_domain) - length(other.typed_domain)) <= 1
    and levenshtein(one.typed_domain, other.typed_domain) <= 2
