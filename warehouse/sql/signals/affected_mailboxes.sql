-- One row a mailbox that somebody looked at in this run has, or had.
select mailbox from staging.mailboxes
union
select mailboxes.mailbox
from core.mailboxes as mailboxes
semi join staging.to_notice as to_notice on to_notice.signatory_id = mailboxes.signatory_id
