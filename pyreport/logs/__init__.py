"""What an application's log says about a broken connection: one module a family of formats, one model for all.

``registry.parse_log_line`` reads one line or record, ``logfile.read_errors`` a whole file.
"""
