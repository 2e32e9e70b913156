"""From the published database to the pack for readers outside."""
