"""What people ask the warehouse: figures, the account, contacts, subject access."""
