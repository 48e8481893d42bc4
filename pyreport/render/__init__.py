"""Prints a narrative: HTML, the timeline figure, PDF. Nothing is decided here about the connection."""
