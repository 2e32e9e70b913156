"""What single cells say: respondent ids, dates, damage done by spreadsheets."""
