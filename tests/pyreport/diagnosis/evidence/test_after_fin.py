"""What came after the first FIN, at the edges of each rule."""

from __future__ import annotations

import pytest

from pyreport.base.claim import claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.after_fin import ended_by_rst, fin_unnoticed, left_alone, local_after_fin
from pyreport.frames.frame import FLAG_RST
from pyreport.quality import Flaw
from pyreport.quality.flaw import FlawId
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of, number
from tests.pyreport.told import ids

PIPE = "broken pipe"


def closed(at_s: float = 9.0) -> Story:
    """The server closes 8 s after its last data."""
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).fin(at_s, SERVER, 1.0)


def with_log(seconds: float | None, *, lasts: float, story: Story | None = None) -> Case:
    return case_of(
        story or closed(), log="" if seconds is None else PIPE, logged=seconds, lasts=lasts, local=CLIENT
    )  # fmt: skip


@pytest.mark.parametrize(("lasts", "is_told"), [(9.999, False), (10.0, True), (12.0, True)])
def test_who_has_not_closed_a_second_later_was_not_looking(lasts: float, is_told: bool) -> None:
    case = with_log(None, lasts=lasts)
    alone, unnoticed = left_alone(case), fin_unnoticed(case)
    assert ((alone is not None), (unnoticed is not None)) == (is_told, is_told)
    if alone is not None and unnoticed is not None:
        kept = at(lasts) - at(9.0)
        assert (alone.values["kept"], unnoticed.values["least"], unnoticed.id) == (kept, kept, "fin-unnoticed")


def test_a_side_that_closed_aborted_or_went_on_was_not_left_alone() -> None:
    for story in (
        closed().answering_fin(9.5, CLIENT).frame(9.6, SERVER),
        closed().reset(9.5, CLIENT),
        closed().data(9.5, CLIENT).frame(9.6, SERVER),
    ):
        assert left_alone(case_of(story, lasts=30.0, local=CLIENT)) is None
    assert left_alone(case_of(Story().handshake().data(1.0, SERVER), lasts=30.0)) is None
    one_sided = (Flaw(FlawId.ONE_SIDED, claim("quality-one-side-only", (1,), silent=CLIENT)),)
    assert left_alone(case_of(closed(), lasts=30.0, flaws=one_sided)) is None


@pytest.mark.parametrize(
    ("logged", "lasts", "told", "least"),
    [
        (9.5, 9.6, "fin-unnoticed", 0.6),  # the capture shows it for longer than the line does
        (9.6, 9.6, "fin-unnoticed-until-log", 0.6),
        (9.5, 9.4, "fin-unnoticed-until-log", 0.5),
        (9.0, 9.5, None, 0.0),  # a line of the time of the FIN tells nothing after it
        (8.5, 9.5, None, 0.0),
        (8.5, 10.5, "fin-unnoticed", 1.5),
        (None, 9.5, None, 0.0),
    ],
)
def test_a_log_line_after_the_fin_shows_that_the_application_went_on(
    logged: float | None, lasts: float, told: str | None, least: float
) -> None:
    found = fin_unnoticed(with_log(logged, lasts=lasts))
    assert (found.id if found else None) == told
    if found is not None:
        assert found.values["least"] == round(least * 1e9)


def test_an_rst_ends_a_close_where_nothing_else_tells_of_it() -> None:
    """Neither behind a second FIN, nor where it refuses what came after the first."""
    ended = case_of(closed().reset(12.0, CLIENT), local=CLIENT)
    assert ids(ended_by_rst(ended))[:1] == ["close-ended-by-rst"]
    assert ended_by_rst(case_of(closed(), local=CLIENT)) == ()
    answered = closed().answering_fin(12.0, CLIENT).frame(12.1, CLIENT, flags=FLAG_RST)
    assert ended_by_rst(case_of(answered, local=CLIENT)) == ()
    refused = closed().write_after_fin(12.0, CLIENT, 9.0).reset_after_fin(12.1, SERVER, 12.0, "write", 9.0)
    assert ended_by_rst(case_of(refused, local=CLIENT)) == ()


@pytest.mark.parametrize("local", [CLIENT, SERVER])
def test_what_the_local_end_wrote_after_the_peers_fin_is_its_own(local: str) -> None:
    refused = closed().write_after_fin(12.0, CLIENT, 9.0).reset_after_fin(12.1, SERVER, 12.0, "write", 9.0)
    found = local_after_fin(case_of(refused, local=local))
    wrote = [each.frames for each in found if each.id == "fin-write-after"]
    assert wrote == ([(number(12.0),)] if local == CLIENT else [])
