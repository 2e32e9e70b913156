"""`pledge doctor`: every setting and permission tried, each with its next step."""
