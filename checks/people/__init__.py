"""Who may be one person: email keys, mailboxes, names and addresses compared."""
