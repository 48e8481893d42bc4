"""The unattended witness: a ring of captures, a followed log, and a report of each error that the log tells."""
