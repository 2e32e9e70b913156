"""The engine: connections, transactions, SQL files, migrations, small marks, private files."""
