"""One connection in two captures: what left one end, what arrived at the other, and what came from between.

In this order: in_both (which connection), alignment (pairing, clocks), fate, conclude and changes, rows, warnings.
"""
