"""Texts that a spreadsheet would take as a formula, made harmless: in every CSV that leaves the pipeline."""

# OWASP's list, the full-width =, +, - and @ too.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it as a formula.

    One that has such an apostrophe already gets another, so that different texts stay different.
    """
    bare = text.lstrip("'")
    is_formula = bare.startswith(FORMULA_STARTS) or bare.lstrip().startswith(FORMULA_STARTS)
    return f"'{text}" if is_formula else text
