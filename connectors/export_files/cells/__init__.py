"""Cells of text, looked at in columns."""
