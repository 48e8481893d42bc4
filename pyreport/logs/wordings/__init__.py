"""The tables of wordings: what programs write when a connection breaks, and what each proves."""
