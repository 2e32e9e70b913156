"""A file's bytes opened as tables of text: encodings, archives, workbooks, and how much may come out."""
