"""One module a format of the pack: page, PDF, spreadsheet, CSV, JSON, chart files."""
