"""What each row and column of a table is: headings, fixed columns, questions and their choices."""
