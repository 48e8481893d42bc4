"""A receive window that was closed: the side that advertised it does not read (RFC 9293 section 3.8.6.1)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.base.endpoint import Endpoint
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.stand_in import strange_frames
from pyreport.diagnosis.thresholds import FEWEST_REPEATS, IDLE_FROM_NS
from pyreport.frames.frame import FLAG_FIN, FLAG_RST, FLAG_SYN, Frame
from pyreport.frames.seq import ahead
from pyreport.quality import FlawId


class ClosedWindow(Struct, frozen=True):
    """``side`` advertised a window of 0 from the frame ``since`` on, and never opened it again. ``asks`` are the frames
    that the other side sent after that, its window probes among them; ``lasted_ns`` is the time up to the close;
    without one, up to the capture's end, or where the capture has a hole, to the connection's last frame. ``used_ns``
    is that up to the close or the connection's last frame.
    """

    side: Endpoint
    since: Frame
    asks: tuple[Frame, ...]
    lasted_ns: int
    used_ns: int

    @property
    def frames(self) -> tuple[int, ...]:
        """The frames that show it."""
        return (self.since.number, *(frame.number for frame in self.asks))


def window_probes(case: Case) -> frozenset[int]:
    """The frames that do nothing but ask whether a window is open again, of windows that stayed closed for more than a
    moment or were never opened again: one octet (RFC 9293 section 3.8.6.1), or an empty segment with a number that was
    sent before (tcp_xmit_probe_skb() of Linux), which draws an ACK.
    """
    closed = [window for side in (case.local, case.peer) for window, _ in _reopened(case, side)]
    last = closed_window(case)
    asks = {frame.number for window in (*closed, *([last] if last else [])) for frame in window.asks}
    probes, following = set[int](), dict[Endpoint, int]()
    for frame in case.connection.frames if asks else ():
        is_behind = ahead(following.get(frame.source, frame.seq), frame.seq) > 0
        if frame.number in asks and not frame.has(FLAG_FIN | FLAG_RST | FLAG_SYN):
            probes.update([frame.number] if frame.length == 1 or (not frame.length and is_behind) else [])
        if frame.length and not is_behind:
            following[frame.source] = frame.payload_end
    return frozenset(probes)


def closed_window(case: Case) -> ClosedWindow | None:
    """The window that was closed when the connection closed, or when the capture ended, the peer's before the
    local end's; None without one.
    """
    return closed_window_of(case, case.peer) or closed_window_of(case, case.local)


def closed_window_of(case: Case, side: Endpoint) -> ClosedWindow | None:
    """The same of one side."""
    first = case.ending.first
    frames = [f for f in case.connection.frames if first is None or f.number < first.frame]
    foreign = strange_frames(case.connection, side)
    since: Frame | None = None
    for frame in frames:
        if (
            frame.number in foreign
            or frame.source != side
            or frame.has(FLAG_RST | FLAG_SYN | FLAG_FIN)
            or frame.marks.window is None
        ):
            continue
        if frame.marks.window:
            since = None
        elif since is None:
            since = frame
    if since is None:
        return None
    asks = tuple(f for f in frames if f.source != side and f.number > since.number)
    open_to_ns = case.span.last_time_ns if case.quality.told(FlawId.CAPTURE_HOLE) is None else frames[-1].time_ns
    end, used = (open_to_ns, frames[-1].time_ns) if first is None else (first.time_ns, first.time_ns)
    return ClosedWindow(side, since, asks, end - since.time_ns, used - since.time_ns)


def shut_to_the_end(case: Case) -> bool:
    """Whether the peer's window stayed closed to the capture's end, for longer than a moment, also where nobody asked
    for it: who reads says so unasked (RFC 9293 section 3.8.6.2.2).
    """
    window = closed_window(case)
    return window is not None and window.side == case.peer and window.lasted_ns >= IDLE_FROM_NS


def asked_in_vain(case: Case, side: Endpoint) -> ClosedWindow | None:
    """The closed window of a side, with the last segments that asked whether it was open again, all after the last
    frame of that side: a kernel answers each, whatever its program does (RFC 9293 section 3.8.6.1), so nothing of them
    arrived or nothing came back. None when they are too few, or too near together, to tell.
    """
    window = closed_window(case)
    if window is None or window.side != side:
        return None
    last = max(frame.number for frame in case.connection.frames if frame.source == side)
    asks = tuple(f for f in window.asks if f.number > last and not f.has(FLAG_FIN | FLAG_RST | FLAG_SYN))
    is_long = len(asks) > FEWEST_REPEATS and asks[-1].time_ns - asks[0].time_ns >= IDLE_FROM_NS
    return replace(window, asks=asks) if is_long else None


def tell_asked_in_vain(case: Case, window: ClosedWindow) -> Claim:
    """Who closed its window, and was asked in vain whether it was open again."""
    return claim(
        "window-asks-unanswered",
        window.frames,
        who=case.roles.party(window.side),
        other=case.roles.party(case.connection.other(window.side)),
        frame=FrameNumber(window.since.number),
        asks=len(window.asks),
        lasted=Duration(window.asks[-1].time_ns - window.asks[0].time_ns),
    )


def reopened_window(case: Case) -> Claim | None:
    """The longest time for which a window was closed that opened again, while the other side asked for it; None where
    that was no longer than a moment.
    """
    found = [one for side in (case.local, case.peer) for one in _reopened(case, side)]
    longest = max(found, key=lambda one: one[0].lasted_ns, default=None)
    if longest is None:
        return None
    window, opened = longest
    frames = (*window.frames, opened.number)
    who, first, last = case.roles.party(window.side), FrameNumber(window.since.number), FrameNumber(opened.number)
    return claim("window-reopened", frames, who=who, first=first, last=last, lasted=Duration(window.lasted_ns))


def _reopened(case: Case, side: Endpoint) -> Iterator[tuple[ClosedWindow, Frame]]:
    """The times for which a side's window was closed and asked for, each with the frame that opened it."""
    since: Frame | None = None
    asks: list[Frame] = []
    for frame in case.connection.frames:
        if frame.source != side:
            asks.append(frame)
        elif not frame.has(FLAG_RST | FLAG_SYN | FLAG_FIN) and frame.marks.window is not None:
            lasted_ns = 0 if since is None else frame.time_ns - since.time_ns
            if frame.marks.window and since is not None and lasted_ns >= IDLE_FROM_NS and asks:
                yield ClosedWindow(side, since, tuple(asks), lasted_ns, lasted_ns), frame
            if frame.marks.window:
                since = None
            elif since is None:
                since, asks = frame, []
