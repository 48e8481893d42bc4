"""Sequence and acknowledgment numbers, modulo 2**32 (RFC 9293 section 3.4)."""

from __future__ import annotations

MODULUS = 2**32


def shifted(number: int, by: int) -> int:
    """The number moved on, modulo 2**32."""
    return (number + by) % MODULUS


def ahead(number: int, of: int) -> int:
    """How far a number is ahead of another, negative when it is behind; right within 2 GiB."""
    return (number - of + MODULUS // 2) % MODULUS - MODULUS // 2
