"""Invented people and the survey that they answer."""
