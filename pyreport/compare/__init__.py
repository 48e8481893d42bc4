"""Two captures of one connection, lined up: what left one end, what arrived at the other, and what came from between.

One direction, as everywhere: align -> pairing -> clocks -> fate -> conclusions -> narrative, JSON.
"""
