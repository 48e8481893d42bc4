"""What is said of the capture: flaws that weaken the same are told together."""

from __future__ import annotations

from pyreport.base.claim import claim
from pyreport.narrative.about_capture import about_capture
from pyreport.quality.flaw import Flaw, FlawId, RestsOn
from tests.pyreport.cases import case_of, idle_close
from tests.pyreport.told import ids


def flaw(octets: int, *weakens: RestsOn) -> Flaw:
    told = claim("quality-lost-frames", (1,), receiver="a", sender="b", bytes=octets)
    return Flaw(FlawId.LOST_FRAMES, told, weakens)


def test_what_flaws_weaken_is_said_once_where_it_is_the_same() -> None:
    flaws = (flaw(1, RestsOn.TIMES), flaw(2, RestsOn.TIMES), flaw(3, RestsOn.COUNTS), flaw(4))
    paragraphs = about_capture(case_of(idle_close(), flaws=flaws))[-3:]
    assert [ids(paragraph) for paragraph in paragraphs] == [
        ["quality-lost-frames", "quality-lost-frames", "flaw-weakens"],
        ["quality-lost-frames", "flaw-weakens"],
        ["quality-lost-frames"],
    ]
