"""What people may ask about themselves, and what is kept no longer: find, forget, retention."""
