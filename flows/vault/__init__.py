"""The vault's key, who opens it, and its backups."""
