"""Disclosure control: exact counts in, counts that may leave the house out."""
