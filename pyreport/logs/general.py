"""Any record, whatever wrote it: the wording that tells the error, the ends, the ages, and what was being done."""

from __future__ import annotations

import re2
from msgspec import Struct
from msgspec.structs import replace

from pyreport.logs.ages import ages
from pyreport.logs.model import Entry, Errno, LogError, NamedEnd, PeerReason
from pyreport.logs.spelled_ends import SpelledEnds, spelled_ends
from pyreport.logs.wording import COMPLAINS, Hit, Weight, find

NAME = "error text"
_COMPLAINS = re2.compile(f"(?i){COMPLAINS}")
# A level below a warning, where loggers write it; an exception's name outweighs it.
_CALM = re2.compile(
    r"\b(?:INFO|DEBUG|TRACE|FINE|VERBOSE|NOTICE)\b|\b(?:level|lvl|severity)=\"?(?:info|debug|trace)\b|\[(?:info|debug|trace|notice)\]"
)
_EXCEPTION = re2.compile(r"\w(?:Exception|Error)\b")
_CALM_LEVELS = ("info", "debug", "trace", "i", "30", "20", "10", "information", "verbose")
_HEAD = 200
# Python prints the first exception first, others print the cause last.
_CHAINED = ("During handling of the above exception", "The above exception was the direct cause")


class General(Struct, frozen=True):
    """What the general reading of a record found; ``error`` is None when no wording tells of a broken connection."""

    error: Hit | None
    hits: tuple[Hit, ...]
    is_everyday: bool

    @property
    def errno(self) -> Errno | None:
        """The error of the decisive wording."""
        return self.error.wording.errno if self.error else None

    def said(self, name: str) -> str:
        """The first word that the wordings have for an attribute ("operation", "product", "service"), the decisive
        wording's own before the others'.
        """
        own = getattr(self.error.wording, name) if self.error and name != "operation" else ""
        return own or next((value for hit in self.hits if (value := getattr(hit.wording, name))), "")

    def is_said(self, name: str) -> bool:
        """Whether a wording has a mark of the side: ``by_server``, ``by_client``, ``server_side``, ``client_first``."""
        return any(getattr(hit.wording, name) for hit in self.hits)


def read(entry: Entry) -> General:
    """Look for the wordings of a record and weigh them."""
    hits = find(entry.text)
    error = _decisive(entry, hits)
    return General(error, tuple(hits), any(hit.wording.everyday for hit in hits))


def parse(entry: Entry, general: General) -> LogError | None:
    """The error of a record of no known format; None when no wording tells of one."""
    if general.error is None or general.errno is None:
        return None
    words = " ".join(general.error.words.split())
    return complete(LogError("", NAME, words, general.errno), entry, general)


def complete(error: LogError, entry: Entry, general: General) -> LogError:
    """What the format left open, from the general reading: ends, operation, side, ages, product."""
    if error.errno in (Errno.DISCONNECTED, Errno.OTHER) and general.error and not error.termination:
        heavier = general.error.wording.weight > Weight.LOOSE
        error = replace(error, errno=general.errno if heavier and general.errno else error.errno)
    idle, lasted = ages(entry.text)
    sides = general.is_said("by_server"), general.is_said("by_client")
    is_both = all(sides)  # a client in a server's thread
    by_server = error.by_server or (not error.service and sides[0] and not is_both)
    error = replace(
        error,
        operation=error.operation or _operation(error.errno, general),
        service=error.service or general.said("service"),
        product=error.product or general.said("product") or error.service or general.said("service"),
        by_server=by_server,
        by_client=not by_server and sides[1] and not is_both,
        reason=PeerReason(reason) if (reason := general.said("reason")) else None,
        idle_ns=error.idle_ns if error.idle_ns is not None else idle,
        lasted_ns=error.lasted_ns if error.lasted_ns is not None else lasted,
    )
    if error.local or error.remote or error.beside:
        return error
    return _with_ends(error, spelled_ends(entry.text, entry.fields), general)


def _with_ends(error: LogError, ends: SpelledEnds, general: General) -> LogError:
    if general.is_said("server_side"):
        return replace(error, beside=ends.remote)
    swapped = error.by_server and (ends.client_first or general.is_said("client_first"))
    local, remote = (ends.remote, ends.local) if swapped else (ends.local, ends.remote)
    if error.by_server and not ends.local and general.is_said("client_first"):
        local, remote = NamedEnd(), ends.remote
    return replace(error, local=local, remote=remote)


def _operation(errno: Errno, general: General) -> str:
    if errno in _BY_NATURE:
        return _BY_NATURE[errno]
    operations = [hit.wording.operation for hit in general.hits if hit.wording.errno is None and hit.wording.operation]
    own = general.error.wording.operation if general.error else ""
    if own == "connect":
        return own
    return next((name for name in operations if name != "connect" or errno in _OF_CONNECT), own)


# Only a write is told of a broken pipe, only a read of the end; only an opening is refused.
_BY_NATURE = {Errno.EPIPE: "write", Errno.EOF: "read", Errno.ECONNREFUSED: "connect"}
_OF_CONNECT = (Errno.ECONNREFUSED, Errno.ETIMEDOUT, Errno.DEADLINE, Errno.EHOSTUNREACH, Errno.ENETUNREACH)


def _decisive(entry: Entry, hits: list[Hit]) -> Hit | None:
    """The wording that tells most; of equals the innermost cause."""
    errors = [hit for hit in hits if hit.wording.errno is not None]
    if not errors:
        return None
    weight = max(hit.wording.weight for hit in errors)
    if weight is Weight.LOOSE and not _may_be_loose(entry, hits):
        return None
    heaviest = [hit for hit in errors if hit.wording.weight is weight]
    exact = [hit for hit in heaviest if hit.wording.errno not in (Errno.DISCONNECTED, Errno.OTHER)] or heaviest
    is_chained = any(words in entry.text for words in _CHAINED)
    return exact[0] if is_chained else exact[-1]


def _may_be_loose(entry: Entry, hits: list[Hit]) -> bool:
    if any(hit.wording.harmless or hit.wording.everyday for hit in hits):
        return False
    if _CALM.search(entry.text[:_HEAD]) or entry.fields.get("level", "").lower() in _CALM_LEVELS:
        return _EXCEPTION.search(entry.text) is not None
    return _COMPLAINS.search(entry.text) is not None or spelled_ends(entry.text, entry.fields).are_both
