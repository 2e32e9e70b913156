"""Texts that a spreadsheet would take as a formula, made harmless: in every CSV that leaves the pipeline."""

# OWASP's list, the full-width =, +, - and @ too.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it as a formula."""
    is_formula = text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)
    return f"'{text}" if is_formula else text
