"""Days and instants in words, the same in every format."""

from datetime import date, datetime


def instant_in_words(at: datetime) -> str:
    """As "24 November 2026 at 02:15 GMT"."""
    return f"{in_words(at)} at {at:%H:%M %Z}"


def in_words(day: date) -> str:
    """As "4 October 2026"."""
    return f"{day.day} {day:%B %Y}"
