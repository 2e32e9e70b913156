"""The form as a file shows it, and its records as the platform's API would give them."""
