"""Which connection a report is about, by what the user named."""
