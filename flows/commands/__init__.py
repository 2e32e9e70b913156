"""The commands of `pledge` that run the pipeline, or show what it made."""
