"""What came in, kept as received: designs, responses, export files, runs."""
