"""Export files of the survey platform, as it gives them and as people save them again."""
