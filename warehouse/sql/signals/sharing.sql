-- One row a person at a mailbox that was decided in this run, and the smallest id there: each is paired with that
-- one only, so that ten thousand spellings make ten thousand pairs and not fifty million.
select
    mailboxes.mailbox,
    mailboxes.signatory_id,
    min(mailboxes.signatory_id) over (partition by mailboxes.mailbox) as first_id
from staging.known_mailboxes as mailboxes
semi join staging.affected_mailboxes as affected on affected.mailbox = mailboxes.mailbox
qualify count(*) over (partition by mailboxes.mailbox) > 1
