"""What a stretch without an answer is told as, by all who tell of it."""

from __future__ import annotations

from typing import NamedTuple

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.waits import Wait
from pyreport.frames.frame import FLAG_ACK, Frame


class HowFar(NamedTuple):
    """What is told of data, of probes and of SYNs ("": as of data) that got as far as the capture shows."""

    data: str
    probes: str
    syns: str


NOT_SHOWN = HowFar("wait-data-no-answer", "wait-probes-no-answer", "")
REACHED_LINK = HowFar("wait-data-reached-link", "wait-probes-reached-link", "wait-syns-reached-link")
ARRIVED = HowFar("wait-data-arrived", "wait-probes-arrived", "wait-syns-arrived")

#: What is told of data that were sent before the silent side had taken the connection.
NOT_ACCEPTED = "wait-data-not-accepted"


def no_answer(case: Case, wait: Wait) -> Claim:
    """Nothing came back. At the silent side the capture shows that what was asked arrived there, or that no router lost
    it; elsewhere a path and a host that were down look the same.
    """
    asker, silent = case.roles.party(wait.asker), case.roles.party(wait.silent)
    vantage, how_far = case.quality.vantage, NOT_SHOWN
    if vantage.is_at(wait.silent):
        how_far = ARRIVED if vantage.is_surely_at(wait.silent) else REACHED_LINK
    if wait.is_opening and how_far.syns and not wait.asks[0].has(FLAG_ACK):
        return claim(how_far.syns, wait.frames, silent=silent)
    if wait.is_data:
        return claim(
            how_far.data,
            wait.frames,
            asker=asker,
            silent=silent,
            repeats=wait.repeats,
        )
    return claim(
        how_far.probes,
        wait.frames,
        asker=asker,
        silent=silent,
        probes=len(wait.asks),
    )


def host_was_heard(case: Case, wait: Wait, heard: int) -> Claim:
    """Nothing came back, while other frames of the silent side's host came in: so many of them."""
    asker, silent = case.roles.party(wait.asker), case.roles.party(wait.silent)
    if wait.is_data:
        repeats = wait.repeats
        return claim("wait-data-host-heard", wait.frames, asker=asker, silent=silent, repeats=repeats, heard=heard)
    return claim("wait-probes-host-heard", wait.frames, asker=asker, silent=silent, probes=len(wait.asks), heard=heard)


def it_went_on(case: Case, wait: Wait, frame: Frame) -> Claim:
    """The silent side sent something all the same, and what it was asked had not arrived by then."""
    return claim(
        "wait-data-went-on-without",
        (*wait.frames, frame.number),
        asker=case.roles.party(wait.asker),
        silent=case.roles.party(wait.silent),
        repeats=wait.repeats,
        frame=FrameNumber(frame.number),
        after=Duration(frame.time_ns - wait.start_ns),
    )


def not_taken_in(case: Case, wait: Wait, drawn: tuple[Frame, ...]) -> Claim:
    """Copies arrived, as what they drew shows, and the silent side's kernel did not take them in."""
    frames = tuple(sorted((*wait.frames, *(frame.number for frame in drawn))))
    asker, silent = case.roles.party(wait.asker), case.roles.party(wait.silent)
    return claim("wait-data-not-taken-in", frames, asker=asker, silent=silent, copies=len(drawn))


def syn_ignored(case: Case, wait: Wait, heard: int) -> Claim:
    """A host that was heard all the time did not answer a SYN."""
    asker, silent = case.roles.party(wait.asker), case.roles.party(wait.silent)
    return claim("wait-syn-host-heard", wait.frames, asker=asker, silent=silent, tries=len(wait.asks), heard=heard)


def not_accepted(case: Case, wait: Wait, again: tuple[Frame, ...]) -> Claim:
    """The silent side asked for the end of the handshake meanwhile: it had not taken the connection."""
    asker, silent = case.roles.party(wait.asker), case.roles.party(wait.silent)
    frames = (*wait.frames, *(frame.number for frame in again))
    repeats = wait.repeats
    return claim(NOT_ACCEPTED, frames, asker=asker, silent=silent, repeats=repeats, again=len(again))
