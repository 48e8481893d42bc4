"""Whether a host was alive while it was asked in vain: frames of that host, spread over the silence.

Frames of the asker prove nothing of the host that was asked, and frames that come all at the end of the silence tell of
a host that woke up, not of one that was awake.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.waits import Wait
from pyreport.diagnosis.thresholds import LARGEST_LAPSE


def spread_over(times: Sequence[int], start_ns: int, end_ns: int) -> bool:
    """Whether times between two others (ns, in order) leave no lapse longer than the allowed share between them."""
    if not times or end_ns <= start_ns:
        return False
    edges = [start_ns, *times, end_ns]
    return max(after - before for before, after in pairwise(edges)) <= LARGEST_LAPSE * (end_ns - start_ns)


def heard_meanwhile(case: Case, wait: Wait) -> int:
    """How many frames of the host that was asked the capture has, on any connection, from between the first ask and the
    answer (without one, the last ask); 0 when they are not spread over that time, or when both ends are on one host.
    """
    if wait.asker.host == wait.silent.host:
        return 0
    times = case.index.times_of(wait.silent.host)
    start, end = wait.asks[0].time_ns, (wait.answer or wait.asks[-1]).time_ns
    inside = times[bisect_right(times, start) : bisect_left(times, end)]
    return len(inside) if spread_over(inside, start, end) else 0
