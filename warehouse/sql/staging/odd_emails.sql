-- One row an address of the batch that SQL alone doesn't decide and that was not decided before.
select distinct emails.email
from staging.emails as emails
left join core.email_keys as decided on decided.email = emails.email
where emails.plain_key is null and decided.email is null
