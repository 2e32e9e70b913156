-- One row a name that somebody looked at in this run bears, or bore.
select name_key from staging.mailboxes where name_key is not null
union
select mailboxes.name_key
from core.mailboxes as mailboxes
semi join staging.to_notice as to_notice on to_notice.signatory_id = mailboxes.signatory_id
where mailboxes.name_key is not null
