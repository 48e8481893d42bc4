"""Captures of the lab from which frames are taken out afterwards: what the capture lacks must not become an event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pyreport.choice.diagnosed import Diagnosis
from pyreport.diagnosis.result import Confidence, Kind, Status
from tests.lab.judged import Question, diagnosis_of
from tests.lab.lab import Outcome
from tests.lab.truths import APPLICATION, AT_CLIENT, CLIENT, CLOSED, HOST, NOTHING_SEEN, PATH, PEER, QUIET_HERE, Truth
from tests.lab.verdict_check import SURENESS, faults
from tests.lab.view import View, write_without

Run = Callable[[str], Outcome]

AT_THE_CLIENT = Question("client", "client")
# Of the scenario idle_limit: the client that goes on to the end.
BUSY_CLIENT = 3


def lacking(outcome: Outcome, frames: set[int], folder: Path) -> Outcome:
    """The same run, with a capture at the client that lacks these frames."""
    path = folder / "client.pcap"
    write_without(frames, outcome.captures["client"], path)
    return replace(outcome, captures={"client": path})


def two_answered_probes(view: View) -> set[int]:
    """The frames of two of the client's probes in the middle, and of their answers."""
    probes = view.of("probe", "client")[1:3]
    return {probe.frame for probe in probes} | {int(probe.data["answer"]) for probe in probes}


def status_of_capture_loss(diagnosis: Diagnosis) -> Status:
    """How that explanation stands."""
    return next(found.status for found in diagnosis.explanations if found.id == "capture_loss")


def assert_right(diagnosis: Diagnosis, truth: Truth, logged: bool = False) -> None:
    """Nothing is said that is not so."""
    found = faults(diagnosis, truth, logged)
    assert not found, "\n".join(found)


def test_probes_that_the_capture_lacks(outcome: Run, tmp_path: Path) -> None:
    """Two probes and their answers are gone, and nothing else is in the capture: a hole, since the IP-IDs of both sides
    went on.
    """
    whole = outcome("clean")
    holed = lacking(whole, two_answered_probes(View(whole, "client")), tmp_path)
    found = [found.id for found in View(holed, "client").findings]
    assert (found.count("capture_hole"), found.count("missed")) == (1, 0)
    truth = Truth("clean", AT_CLIENT, CLIENT, QUIET_HERE, cleared=(PEER, PATH, HOST), true=["capture_loss"])
    assert_right(diagnosis_of(holed, AT_THE_CLIENT), truth)


def test_probes_that_the_capture_lacks_beside_others(outcome: Run, tmp_path: Path) -> None:
    """The same while another connection of the host goes on: now the IP-ID is proven to be the connection's own."""
    whole = outcome("idle_limit")
    holed = lacking(whole, two_answered_probes(View(whole, "client", port=BUSY_CLIENT)), tmp_path)
    diagnosis = diagnosis_of(holed, replace(AT_THE_CLIENT, number=BUSY_CLIENT))
    truth = Truth("idle_limit", AT_CLIENT, CLIENT, QUIET_HERE, cleared=(PEER, PATH, HOST), true=["capture_loss"])
    assert_right(diagnosis, truth)
    assert "counter_gaps" in {flaw.id for flaw in diagnosis.case.quality.flaws}
    assert status_of_capture_loss(diagnosis) in (Status.POSSIBLE, Status.SUPPORTED)


def test_loss_makes_a_verdict_less_sure(outcome: Run, tmp_path: Path) -> None:
    """A request that was acknowledged is gone, and the close is the same: right, and less sure than before."""
    whole = outcome("reset_while_idle")
    before = diagnosis_of(whole, AT_THE_CLIENT)
    request = next(frame.number for frame in before.case.connection.frames if frame.length)
    diagnosis = diagnosis_of(lacking(whole, {request}, tmp_path), AT_THE_CLIENT)
    truth = Truth(
        "reset_while_idle", AT_CLIENT, CLIENT, (Kind.PEER_RESET,), blamed=[PEER], cleared=[HOST], true=["capture_loss"]
    )
    assert_right(diagnosis, truth)
    assert SURENESS.index(diagnosis.verdict.confidence) < SURENESS.index(before.verdict.confidence)
    assert "lost_frames" in {flaw.id for flaw in diagnosis.case.quality.flaws}
    assert status_of_capture_loss(diagnosis) is Status.SUPPORTED


def test_a_close_that_the_capture_lacks(outcome: Run, tmp_path: Path) -> None:
    """The server's FIN is gone; its acknowledgment and the RST are there: who closed first must not be sure."""
    whole = outcome("idle_close")
    holed = lacking(whole, {View(whole, "client").one("fin").frame}, tmp_path)
    truth = Truth(
        "idle_close",
        AT_CLIENT,
        CLIENT,
        (*CLOSED, Kind.PEER_RESET, Kind.UNDETERMINED),
        Confidence.POSSIBLE,
        cleared=[HOST],
        true=("write_on_half_closed", "application_stalled", "capture_loss"),
        arguable=["peer_idle_close"],
    )
    assert_right(diagnosis_of(holed, AT_THE_CLIENT), truth)


def test_an_end_that_the_capture_lacks(outcome: Run, tmp_path: Path) -> None:
    """The last frame, the server's RST, is gone: the log says what this capture does not show."""
    whole = outcome("reset_while_idle")
    holed = lacking(whole, {View(whole, "client").one("reset").frame}, tmp_path)
    kinds = (Kind.UNDETERMINED, Kind.PEER_RESET)
    truth = Truth("reset_while_idle", AT_CLIENT, CLIENT, kinds, Confidence.POSSIBLE, true=["capture_loss"])
    assert_right(diagnosis_of(holed, replace(AT_THE_CLIENT, logged=True)), truth, logged=True)


def test_a_capture_of_one_direction(outcome: Run, tmp_path: Path) -> None:
    """Only the client's frames, its probes and acknowledgments: nothing says that they got no answer."""
    whole = outcome("stays_open")
    holed = lacking(whole, frames_of(whole, "server"), tmp_path)
    truth = Truth(
        "stays_open", AT_CLIENT, CLIENT, NOTHING_SEEN, cleared=(PEER, PATH, HOST, APPLICATION), true=["capture_loss"]
    )
    assert_right(diagnosis_of(holed, AT_THE_CLIENT), truth)


def test_a_capture_that_starts_late(outcome: Run, tmp_path: Path) -> None:
    """The handshake and all data are from before the capture: the close is seen, the age of the data is not."""
    whole = outcome("idle_close")
    frames = diagnosis_of(whole, AT_THE_CLIENT).case.connection.frames
    begin = max(frame.number for frame in frames if frame.length)
    holed = lacking(whole, {frame.number for frame in frames if frame.number <= begin}, tmp_path)
    truth = Truth(
        "idle_close",
        AT_CLIENT,
        CLIENT,
        CLOSED,
        blamed=(PEER, APPLICATION),
        cleared=(PATH, HOST),
        true=("write_on_half_closed", "application_stalled"),
        arguable=["peer_idle_close"],
    )
    assert_right(diagnosis_of(holed, AT_THE_CLIENT), truth)


def frames_of(outcome: Outcome, side: str) -> set[int]:
    """The frames that one side sent."""
    connection = diagnosis_of(outcome, AT_THE_CLIENT).case.connection
    return {frame.number for frame in connection.frames if frame.source == outcome.endpoint(side)}
