"""``--from``, ``--to`` and ``--host``: which part of a capture is judged."""

from __future__ import annotations

import ipaddress
from datetime import tzinfo

from msgspec import Struct

from pyreport.base.errors import UsageError
from pyreport.base.units import NS_PER_S
from pyreport.capture.limits import Address, Limits
from pyreport.logs.model import Repeats, Stamp
from pyreport.logs.zones import moment_of

# The nearest of a stamp's moments to a time this far away lies on that side.
_HALF_A_DAY_NS = 12 * 3600 * NS_PER_S


class AskedPart(Struct, frozen=True):
    """The part as the user wrote it: its days are known once the capture's beginning is."""

    start: Stamp | None = None
    end: Stamp | None = None
    host: Address | None = None

    def limits(self, first_time_ns: int | None, zone: tzinfo) -> Limits:
        """The part of a capture whose first packet has this time (ns since the epoch; None: not known).

        A time without a date: for the end the first one from the capture's beginning on, for the beginning the last one
        before the end or, without an end, the first one from the capture's beginning on. Raises UsageError when a
        date is needed, or the end lies before the beginning.
        """
        end = _moment(self.end, zone, first_time_ns, 1)
        if end is not None and _is_daily(self.start):
            start = _moment(self.start, zone, end, -1)
        else:
            start = _moment(self.start, zone, first_time_ns, 1)
        if start is not None and end is not None and end < start:
            raise UsageError("--to lies before --from: nothing is left to be judged.")
        return Limits(start, end, self.host)


WHOLE = AskedPart()


def asked_part(start: str | None, end: str | None, host: str | None) -> AskedPart:
    """The part that the options name. Raises UsageError when one of them cannot be read."""
    if (start, end) != (None, None):
        from pyreport.choice.log_at import parse_at  # it reads times as logs do, which takes a while to load

    return AskedPart(
        parse_at(start) if start is not None else None,
        parse_at(end) if end is not None else None,
        _address(host) if host is not None else None,
    )


def _address(text: str) -> Address:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise UsageError(f"'{text}' is no IP address: write --host as 10.0.0.1 or 2001:db8::1.") from None
    # No packet says which interface is meant ("fe80::1%eth0").
    return address if address.version == 4 else ipaddress.IPv6Address(int(address))


def _is_daily(stamp: Stamp | None) -> bool:
    return stamp is not None and stamp.repeats is Repeats.DAILY


def _moment(stamp: Stamp | None, zone: tzinfo, near_ns: int | None, side: int) -> int | None:
    """A stamp's moment; of one without a date, the next one after a time (``side`` 1) or the last before it (-1)."""
    if stamp is None:
        return None
    if near_ns is None and stamp.repeats is not Repeats.NEVER:
        raise UsageError("When this capture begins is not known: give --from and --to with a date (2022-09-30 00:08).")
    return moment_of(stamp, stamp.zone or zone, None if near_ns is None else near_ns + side * _HALF_A_DAY_NS)
