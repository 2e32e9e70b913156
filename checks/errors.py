"""The error of the checks, one sentence with a next step: CheckError.

A row that fails a rule, or an audit that fails, is an outcome and not an error.
It holds no value of a row: rule, check and column names and counts only.
"""


class CheckError(Exception):
    """The checks couldn't be made, or not on every row, so nothing may be built on them."""
