"""The charts of a pack, drawn without a browser or for the page."""
