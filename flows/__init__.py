"""What runs, and when: Prefect, settings and the command line."""
