"""From the diagnosis to sentences that cite frames."""
