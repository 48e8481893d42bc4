"""How long a connection was idle, or lived, as the text of a record states it."""

from __future__ import annotations

import re2

from pyreport.base.units import NS_PER_MS, NS_PER_S

_AMOUNT = (
    r"\s*(\d[\d.,]*(?:[hms][\d.hms]*)?)[ -]?(milliseconds?|millis|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h"
    r"|microseconds?|us|µs|ns)?\b"
)
_IDLE = re2.compile(
    r"(?i)(?:last packet successfully received from the server was|being idle for|\bidle (?:for|time of|since)"
    r"|\bidle time exceeded \(|inactive for|inactivity (?:for|of|\()|last active|max idle time exceeded \(|\bidle[=:] ?"
    r"|(?:quiet|silent) for"
    rf"|have not heard from (?:the )?(?:server|client) in|no (?:activity|data|traffic) (?:for|in|within)){_AMOUNT}"
)
_LASTED = re2.compile(
    r"(?i)(?:\(age=|\bage[=:] ?|connection (?:lifetime|duration|age)(?: of|:|=)? ?|was open for"
    rf"|after being (?:open|connected) for|session (?:lasted|duration)[ :=]+){_AMOUNT}"
)
_DURATION = re2.compile(r"(\d+(?:\.\d+)?)(ms|us|µs|ns|h|m|s)")
_UNITS = {
    "milli": NS_PER_MS, "msec": NS_PER_MS, "ms": NS_PER_MS, "micro": 1000, "us": 1000, "µs": 1000, "ns": 1,
    "hour": 3600 * NS_PER_S, "h": 3600 * NS_PER_S, "min": 60 * NS_PER_S, "m": 60 * NS_PER_S, "sec": NS_PER_S,
    "s": NS_PER_S,
}  # fmt: skip


# No age is stated without one of these.
_ANY = re2.compile(
    r"(?i)idle|inactiv|no (?:activity|data|traffic)|not heard|last (?:active|packet)|age|life|duration|was open"
    r"|after being|session lasted|quiet|silent"
)


def ages(text: str) -> tuple[int | None, int | None]:
    """How long a connection was idle, and how long it lasted, in ns, as a text states it; None when it does not."""
    if _ANY.search(text) is None:
        return None, None
    return _first(_IDLE, text), _first(_LASTED, text)


def _first(pattern: re2._Regexp[str], text: str) -> int | None:
    found = pattern.search(text)
    return _ns(found[1], found[2] or "") if found else None


def _ns(amount: str, unit: str) -> int | None:
    """An amount with its unit: "901,702" milliseconds, 12.5 s, Go's 10m0s; seconds when it names no unit."""
    if amount.count(".") > 2:
        return None  # an address
    if amount[-1] in "hms" or any(c in amount for c in "hm"):
        return sum(_scaled(part[1], part[2]) for part in _DURATION.finditer(amount + unit)) or None
    whole, dot, fraction = amount.strip(".,").partition(".")
    if dot and len(fraction) == 3 and unit.lower().startswith("milli"):
        whole, fraction = whole + fraction, ""  # Connector/J groups digits as the locale does
    number = whole.replace(",", "") + (f".{fraction}" if fraction.isdecimal() else "")
    return _scaled(number, unit) if number.replace(".", "").isdecimal() else None


def _scaled(number: str, unit: str) -> int:
    scale = next((ns for name, ns in _UNITS.items() if unit.lower().startswith(name)), NS_PER_S)
    whole, _, fraction = number.partition(".")
    return int(whole) * scale + (int(fraction) * scale // 10 ** len(fraction) if fraction else 0)
