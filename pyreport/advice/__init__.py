"""What the reader can change, and what to ask the other side for: rows of ``advice.toml`` that fit a case.

A row fits by the kind of the verdict and by facts of the case; this package decides nothing about what happened.
"""
