"""The tables: the encrypted vault and the published database, in DuckDB."""
