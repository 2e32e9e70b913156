"""SurveyMonkey: its API, version 3."""
