"""The article's incident, as the article explains it."""
