"""The pages of runs: a history, and one page a run, made from the runs' records alone."""
