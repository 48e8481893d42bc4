"""The article's incident, by its numbers."""
