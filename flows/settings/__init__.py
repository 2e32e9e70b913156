"""Settings from `pledge.toml` and the environment, each declared once."""
