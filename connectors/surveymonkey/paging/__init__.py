"""The walk over all responses and the sweep over all ids, page by page."""
