-- One row a mailbox of somebody who bears a name that was looked at in this run, in the parts that it is compared by.
select
    mailboxes.signatory_id, mailboxes.name_key, mailboxes.email_key, mailboxes.mailbox,
    split_part(mailboxes.mailbox, '@', 1) as local_part,
    split_part(mailboxes.mailbox, '@', 2) as domain,
    regexp_replace(split_part(mailboxes.mailbox, '@', 1), '[^0-9]+', '', 'g') as digits,
    split_part(mailboxes.email_key, '@', 1) as typed_part,
    split_part(mailboxes.email_key, '@', 2) as typed_domain
from staging.known_mailboxes as mailboxes
semi join staging.affected_names as affected on affected.name_key = mailboxes.name_key
