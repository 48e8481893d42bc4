"""A virtual machine that is really paused, stopped or reset, captured inside and outside; see `record.py`."""
