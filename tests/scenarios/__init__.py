"""Captures that were built on purpose, and the parts to build more of them."""
