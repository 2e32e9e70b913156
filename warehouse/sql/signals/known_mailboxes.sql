-- One row an email key of a person who counts: this run's, and those of everybody else.
select signatory_id, email_key, mailbox, name_key from staging.mailboxes
union all
select mailboxes.signatory_id, mailboxes.email_key, mailboxes.mailbox, mailboxes.name_key
from vault.core.mailboxes as mailboxes
anti join staging.to_notice as to_notice on to_notice.signatory_id = mailboxes.signatory_id
