"""What a good response, and a good warehouse, is: Great Expectations and the email rule."""
