"""The sentence of each step of the walkthrough."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pyreport.base.units import NS_PER_MS, count_words, format_duration
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import lasts_to_the_end
from pyreport.diagnosis.verdict.verdict_words import reset_followed
from pyreport.frames.frame import FLAG_ACK, FLAG_SYN, Finding, Frame
from pyreport.narrative.failed_write import failed_without_packet
from pyreport.narrative.model import StepKind


def tell(case: Case, key: str, frames: Sequence[Frame]) -> tuple[StepKind, str]:
    """The kind and the sentence of one group of frames (see walkthrough)."""
    sender = frames[0].source
    if key == "handshake":
        return StepKind.OTHER, _handshake(case, frames)
    if key in ("data", "last data", "earlier"):
        return StepKind.DATA, _data(case, key, frames)
    if "probe" in key:
        return StepKind.PROBE, _probes(case, key, frames)
    if key.startswith("fin "):
        return StepKind.FIN, _fin(case, frames)
    if key == "fin_ack":
        return StepKind.ACK, _fin_ack(case, frames[0])
    if key == "write":
        return StepKind.WRITE, _writes(case, frames)
    if key == "reset":
        return StepKind.RESET, _reset(case, frames)
    return StepKind.ACK, f"{case.roles.title(sender)} acknowledges, without data."


def _handshake(case: Case, frames: Sequence[Frame]) -> str:
    client = next((f.source for f in frames if f.has(FLAG_SYN) and not f.has(FLAG_ACK)), None)
    if client is None:
        return "The end of the handshake; its start is not in the capture."
    if any(f.has(FLAG_SYN) and f.has(FLAG_ACK) for f in frames):
        return f"{case.roles.title(client)} opens the connection."
    return f"{case.roles.title(client)} asks for a connection (SYN)."


def _data(case: Case, key: str, frames: Sequence[Frame]) -> str:
    payload = [f for f in frames if f.length and not f.found("probe")]
    probes = sum(1 for f in frames if f.found("probe"))
    octets = {side: sum(f.length for f in payload if f.source == side) for side in (case.local, case.peer)}
    flow = f"{case.local_name} sends {octets[case.local]:,} bytes, {case.peer_name} {octets[case.peer]:,}"
    if key == "earlier":
        return f"Earlier on: {flow}; {count_words(probes, 'keep-alive probe')} in between. Not told one by one."
    text = (
        "The last exchange of data"
        if key == "last data"
        else "Data goes back and forth"
        if all(octets.values())
        else "Data"
    )
    return f"{text}: {flow}. The last payload is {case.roles.name(payload[-1].source)}'s (frame {payload[-1].number})."


def _probes(case: Case, key: str, frames: Sequence[Frame]) -> str:
    probes = [f for f in frames if f.found("probe")]
    if not probes:
        return "The answer to a keep-alive probe."
    senders = {f.source for f in probes}
    who = " and ".join(f"{case.roles.name(side)}'s" for side in (case.local, case.peer) if side in senders)
    who = who[0].upper() + who[1:]
    kernel = "kernel sends" if len(senders) == 1 else "kernels send"
    text = f"{who} {kernel} {count_words(len(probes), 'keep-alive probe')}"
    if len(senders) == 1:
        text += _spacing(probes)
    if key.endswith("unanswered"):
        return f"{text}; {'it gets' if len(probes) == 1 else 'they get'} no answer."
    if key.startswith("post-FIN"):
        text += ", since the application has not closed"
    if key.endswith("reset"):
        return f"{text}."
    answered = "it is answered" if len(probes) == 1 else "all are answered"
    if key.startswith("post-FIN"):
        answered += " by the other kernel, which says nothing about the application there"
    return f"{text}; {answered}."


def _spacing(probes: Sequence[Frame]) -> str:
    gaps = [later.time_ns - earlier.time_ns for earlier, later in pairwise(probes)]
    if not gaps:
        return ""
    shortest, longest = min(gaps), max(gaps)
    if longest - shortest < 5 * NS_PER_MS:
        return f", one every {format_duration(sorted(gaps)[len(gaps) // 2])}"
    return f", {format_duration(shortest)} to {format_duration(longest)} apart"


def _fin(case: Case, frames: Sequence[Frame]) -> str:
    frame = frames[0]
    who = case.roles.title(frame.source)
    finding = frame.found("fin")
    repeated = f" It is sent {count_words(len(frames), 'time')}." if len(frames) > 1 else ""
    if finding is None:
        return f"{who} closes its side as well (FIN).{repeated}"
    text = f"{who} closes the connection (FIN)"
    data_idle, packet_idle = finding.number("data_idle_ns"), finding.number("packet_idle_ns")
    if data_idle is not None and packet_idle is not None:
        text += (
            f": {format_duration(data_idle)} after the last data, {format_duration(packet_idle)} after the last "
            "segment of any kind"
        )
    in_time = frame.found("closed_before_due")
    if in_time is not None:
        prober = in_time.text("by")
        name = case.roles.name(prober) if prober in case.roles.names else prober
        text += f". The next probe of {name} was due {format_duration(in_time.number('margin_ns') or 0)} later"
    return f"{text}.{repeated}"


def _fin_ack(case: Case, frame: Frame) -> str:
    finding = frame.found("fin_ack")
    delay = f" after {format_duration(finding.number('delay_ns') or 0)}" if finding else ""
    kernel = f"{case.roles.title(frame.source)}'s kernel acknowledges the FIN{delay}"
    if frame.source == case.ending.closer:
        return f"{kernel}."
    return (
        f"{kernel}. The connection is half-closed; the application there learns of it by reading end-of-file, if it "
        "reads."
    )


def _writes(case: Case, frames: Sequence[Frame]) -> str:
    writes = [f for f in frames if f.found("post_fin_write")]
    finding = writes[0].found("post_fin_write")
    assert finding is not None
    octets = sum(f.length for f in writes)
    after = format_duration(finding.number("after_fin_ns") or 0)
    text = f"{case.roles.title(writes[0].source)} writes {octets:,} bytes {after} after the other side's FIN"
    harmless = finding.text("harmless")
    return f"{text}: {harmless}." if harmless else f"{text}, of which its kernel already knew."


def _reset(case: Case, frames: Sequence[Frame]) -> str:
    frame = frames[0]
    who = case.roles.title(frame.source)
    finding = frame.found("post_fin_reset", "gave_up", "reset")
    if finding is None:
        return f"{who} sends another RST; the connection was dead already."
    if finding.id == "post_fin_reset":
        return (
            f"{who} answers the {finding.text('cause_kind')} of frame {finding.number('cause_frame')} with RST: "
            "it no longer knows the connection. From here on the socket is dead."
        )
    if finding.id == "gave_up":
        return (
            f"{who}'s kernel gives up after {count_words(finding.number('unanswered') or 0, 'unanswered probe')} and "
            "sends RST; the application gets ETIMEDOUT."
        )
    return f"{who} resets the connection (RST) {reset_followed(finding)}."


def tell_missed(case: Case, finding: Finding) -> str:
    """The sentence of an interval that went by without a probe."""
    by = finding.text("by")
    who = case.roles.title(by) if by in case.roles.names else by
    count = finding.number("intervals") or 0
    noun = "keep-alive interval"
    until = "until it ends" if lasts_to_the_end(finding) else f"until the gap ended ({finding.text('ended_by')})"
    return f"{who} misses {count_words(count, noun)}: a probe was due now, and the capture has none {until}."


def tell_log(case: Case) -> str:
    """The sentence of the log line: what the application saw, and whether there is a packet for it."""
    log = case.log
    assert log is not None and case.log_ns is not None
    text = f"The application logs “{log.error_text}”."
    if failed_without_packet(case) is not None:
        text += (
            " No packet exists for this write, which is expected: the socket was dead since the RST, so the write "
            "failed in the host."
        )
    return text
