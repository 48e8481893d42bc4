"""The figure of one side's probes: each gap between two of them against the grid of its setting."""
