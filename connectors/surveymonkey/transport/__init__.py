"""One call to the platform and what can go wrong with it: limits, retries, errors."""
