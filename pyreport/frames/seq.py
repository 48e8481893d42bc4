"""Counters that begin again at zero: sequence and acknowledgment numbers (RFC 9293 section 3.4) and timestamps
(RFC 7323 section 5.2), of 32 bits, and IP identifications (RFC 791 section 3.1), of 16.
"""

from __future__ import annotations

MODULUS = 2**32
IDENTIFICATIONS = 2**16


def shifted(number: int, by: int) -> int:
    """The number moved on."""
    return (number + by) % MODULUS


def since(number: int, start: int) -> int:
    """How far a counter went from ``start`` to a later number, from 0 to 2**32 - 1."""
    return (number - start) % MODULUS


def ahead(number: int, of: int) -> int:
    """How far a number is ahead of another, negative when it is behind; right within 2 GiB."""
    return (number - of + MODULUS // 2) % MODULUS - MODULUS // 2


def id_since(ip_id: int, start: int) -> int:
    """How far a counter of IP identifications went from ``start`` to a later one, from 0 to 65,535."""
    return (ip_id - start) % IDENTIFICATIONS


class Unwrapper:
    """Numbers as distances from the first, right as long as they move less than 2 GiB at a time."""

    def __init__(self, first: int) -> None:
        self.first = self.latest = first

    def __call__(self, number: int) -> int:
        """The distance of one more number from the first, negative before it."""
        self.latest += ahead(number, self.latest)
        return self.latest - self.first
