"""The ladder figure: what went between the lifelines of two ends, one thing under the other."""
