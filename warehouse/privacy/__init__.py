"""A person found and erased, retention, and the log of who used the vault."""
