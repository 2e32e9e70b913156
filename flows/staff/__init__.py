"""Commands for staff that read names from the vault or decide about responses; each use is recorded."""
