"""What has to be said before anything else: how far the two captures and their order can be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.compare.alignment import Alignment
from pyreport.compare.fate import lacking
from pyreport.compare.flow import nothing_in_common
from pyreport.compare.packet import Packet
from pyreport.compare.view import ENDS
from pyreport.quality.vantage import Place, vantage_of


def warnings(alignment: Alignment, packets: Sequence[Packet]) -> Iterator[Claim]:
    """All warnings about the captures, in the order of telling."""
    yield from _about_order(alignment)
    yield from _about_clocks(alignment)
    for end in ENDS:
        yield from _about_capture(alignment, packets, end)


def _about_order(alignment: Alignment) -> Iterator[Claim]:
    path, who = alignment.views[0].path, alignment.parties[0]
    if alignment.was_swapped and alignment.order is not None:
        yield claim("captures-were-swapped", path=path, who=who, order=alignment.order)
    elif alignment.order is None:
        yield claim("capture-order-unknown", path=path, who=who)


def _about_clocks(alignment: Alignment) -> Iterator[Claim]:
    if alignment.clocks is None:
        yield nothing_in_common()
        yield claim("clocks-cannot-be-compared")
        return
    captured = alignment.captured[0]
    for step_at, jump in alignment.clocks.steps():
        frame = next((p.number for p in captured if p.time_ns >= step_at), captured[-1].number)
        path = alignment.views[0].path
        yield claim("clock-difference-jumps", path=path, frame=FrameNumber(frame), jump=Duration(jump))


def _about_capture(alignment: Alignment, packets: Sequence[Packet], end: int) -> Iterator[Claim]:
    view, who = alignment.views[end], alignment.parties[end]
    unseen = lacking(packets, end)
    if unseen:
        yield claim("capture-lacks-packets", path=view.path, count=len(unseen), who=who)
    vantage = vantage_of(view.connection)
    if vantage.is_disputed:
        return
    if vantage.place is Place.BETWEEN:
        yield claim("capture-seems-to-be-between", path=view.path, who=who)
    elif vantage.end is not None and vantage.end != view.endpoints[end]:
        yield claim("capture-seems-to-be-elsewhere", path=view.path, who=who, whom=alignment.parties[1 - end])
