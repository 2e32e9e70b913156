"""Backups of the vault: made, proven, restored, rewritten."""
