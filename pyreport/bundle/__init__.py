"""What goes with a report: the frames with the findings as comments, tables, and the bundle of all of it."""
