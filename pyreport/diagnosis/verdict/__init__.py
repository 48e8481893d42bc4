"""The verdict: decided by how the connection ended, tempered by what the capture lacks."""
