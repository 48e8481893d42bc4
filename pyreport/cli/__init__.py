"""The command line: arguments, commands, tables, files that are written."""
