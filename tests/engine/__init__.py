"""The fast reader against tshark: the same rows, whatever the capture."""
