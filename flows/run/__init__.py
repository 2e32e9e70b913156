"""What every run has: its context, its record, its clock, how it shows progress and is stopped."""
