"""An imitation of SurveyMonkey that holds invented people, for the demo, for training and for tests."""
