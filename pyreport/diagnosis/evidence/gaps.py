"""Words for keep-alive intervals that went by without a probe."""

from __future__ import annotations

from pyreport.base.claim import Claim
from pyreport.base.sentence import sentence
from pyreport.base.units import count_words
from pyreport.diagnosis.case import Case
from pyreport.frames.frame import Finding

# RFC 1122 section 4.2.3.6; Linux tcp_keepalive_timer() in net/ipv4/tcp_timer.c.
NO_CAUSE = (
    "a missing probe does not make a peer send a FIN: the receiver of probes keeps no timer on them (RFC 1122 section "
    "4.2.3.6), and a prober that gives up sends an RST"
)

# The plugin's word for a gap that nothing ended.
OPEN_GAP = "end of the capture"


def lasts_to_the_end(missed: Finding) -> bool:
    """Whether the gap reaches the end of the capture; the finding then stands on the last frame before the gap."""
    return missed.text("ended_by") == OPEN_GAP


def gap_end_ns(missed: Finding) -> int:
    """When the gap ended, in ns since the epoch."""
    return (missed.number("due_at_ns") or missed.time_ns) + (missed.number("overdue_ns") or 0)


def gap_frames(missed: Finding) -> tuple[int, ...]:
    """The last probe before the gap and the frame that carries the finding."""
    return tuple(sorted({f for f in (missed.number("last_probe_frame"), missed.frame) if f}))


def tell_gap(case: Case, missed: Finding) -> Claim:
    """What went by: "three keep-alive intervals of the client went by without a probe before frame 798"."""
    by = missed.text("by")
    who = case.roles.name(by) if by in case.roles.names else by
    count = count_words(missed.number("intervals") or 0, "keep-alive interval")
    where = "after frame {}, up to the capture's end" if lasts_to_the_end(missed) else "before frame {}"
    return sentence(f"{count} of {who} went by without a probe {where.format(missed.frame)}", gap_frames(missed))
