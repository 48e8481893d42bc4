"""RSTs that come behind a SYN: those that refuse it, and those that acknowledge something else."""

from __future__ import annotations

import pytest

from pyreport.diagnosis import diagnose
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Verdict
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, case_in
from tests.pyreport.segments import FIRST_SEQ, Segments
from tests.pyreport.told import ids, told

SECOND_US = 1_000_000
SYN_SEQ = FIRST_SEQ[CLIENT]
BOTH = (Attribution.NETWORK_PATH, Attribution.PEER_SERVICE)


def refused(*, ack: int | None, syns: int = 1, data: int = 0) -> Verdict:
    """Each SYN met by an RST with this ACK (None: without)."""
    story = Segments()
    for at in (0, 1, 3)[:syns]:
        flags = FLAG_RST if ack is None else FLAG_RST | FLAG_ACK
        story.add(at * SECOND_US, CLIENT, data, flags=FLAG_SYN, seq=SYN_SEQ)
        story.add(at * SECOND_US + 220, SERVER, flags=flags, seq=0, ack=ack or 0)
    story.add(9 * SECOND_US, CLIENT, flags=FLAG_RST, seq=SYN_SEQ, captured=False)
    return diagnose(case_in(story.index(), story.span()))[1]


@pytest.mark.parametrize(("ack", "data"), [(SYN_SEQ + 1, 0), (SYN_SEQ + 1, 100), (SYN_SEQ + 101, 100)])
def test_who_acknowledges_the_syn_refuses_it(ack: int, data: int) -> None:
    """Also where the SYN brought data (RFC 7413), all of it or the SYN alone acknowledged."""
    verdict = refused(ack=ack, data=data)
    assert (verdict.kind, verdict.attribution) == (Kind.NEVER_OPENED, (Attribution.PEER_SERVICE,))
    assert ids(verdict.claims) == ["opening-refused", "opening-nobody-listens"]


@pytest.mark.parametrize("ack", [None, SYN_SEQ, SYN_SEQ + 2, SYN_SEQ - 70_000, SYN_SEQ + 2**31 + 5])
def test_who_does_not_acknowledge_it_says_nothing_of_the_port(ack: int | None) -> None:
    verdict = refused(ack=ack)
    assert (verdict.kind, verdict.confidence, verdict.attribution) == (Kind.NEVER_OPENED, Confidence.POSSIBLE, BOTH)
    assert ids(verdict.claims) == ["opening-met-rst", "opening-rst-not-of-syn"]
    values = told(verdict.claims, "opening-rst-not-of-syn").values
    assert (values["acks"], values["again"]) == (ack is not None, False)


def test_a_syn_that_is_sent_again_shows_that_nobody_took_the_rst() -> None:
    claim = told(refused(ack=None, syns=3).claims, "opening-rst-not-of-syn")
    assert claim.values["again"] is True
    assert claim.frames == (1, 2, 3)
