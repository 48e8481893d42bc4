"""The JSON for programs."""
