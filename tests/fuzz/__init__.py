"""Inputs made wrong at random, from a seed: `make fuzz` looks for one that breaks something, `make test` replays those
that did (corpus/).
"""
