"""The parts that sentences of the verdict are put together from."""

from __future__ import annotations

from pyreport.base.claim import Claim
from pyreport.base.sentence import capitalized, sentence
from pyreport.base.units import count_words, format_duration
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import tell_gap
from pyreport.diagnosis.thresholds import PROMPT_CLOSE_NS
from pyreport.frames.frame import Finding, Level

PROBE = "keep-alive probe"


def closed_first(case: Case, fin: Finding) -> str:
    """Who closed: "The server closed first (FIN, frame 940)"; "closed" where the capture may lack an earlier FIN."""
    first = "closed" if case.doubt else "closed first"
    return f"{case.roles.title(fin.source)} {first} (FIN, frame {fin.frame})"


FOLLOWED = {"data": "data", "probe": "a keep-alive probe", "FIN": "a FIN", "ACK": "an ACK"}


def reset_followed(reset: Finding) -> str:
    """What an RST answers: "in answer to data (frame 7)"."""
    what = FOLLOWED.get(reset.text("followed"))
    if what is not None:
        return f"in answer to {what} (frame {reset.number('cause_frame')})"
    idle = reset.number("packet_idle_ns")
    after = f"{format_duration(idle)} after the segment before and " if idle is not None else ""
    return f"{after}in answer to nothing"


def after_the_data(close: Finding) -> str:
    """How long after the last data a close came: ", 60.0 s after the last data"; "" when no data was captured."""
    data_idle = close.number("data_idle_ns")
    if data_idle is None:
        return ""
    return f", {format_duration(data_idle)} after the last data" if data_idle else ", together with the last data"


def keepalive_sentence(case: Case) -> Claim | None:
    """What became of the local end's probes up to the close: "all eleven probes were answered; no interval was missed".

    A probe that drew the RST has its answer in it and is not counted. None without probes.
    """
    first = case.ending.first
    end = first.time_ns if first else case.span.last_time_ns
    drew_reset = first.number("cause_frame") if first else None
    probes = [f for f in case.connection.of("probe", side=case.local) if f.time_ns <= end and f.frame != drew_reset]
    if not probes:
        return None
    frames = tuple(finding.frame for finding in probes)
    unanswered = {f.number("probe_frame") for f in case.connection.unanswered(case.local)} & set(frames)
    answered = sum(1 for probe in probes if probe.number("answer_frame"))
    text = _fate(len(probes), answered, len(unanswered))
    missed = sum(f.number("intervals") or 0 for f in case.connection.missed(case.local))
    interval = "no interval was missed" if missed == 0 else f"{count_words(missed, 'interval')} went by without a probe"
    return sentence(f"{text}; {interval}", frames)


def _fate(sent: int, answered: int, unanswered: int) -> str:
    if answered == sent:
        if sent == 1:
            return f"its one {PROBE} was answered"
        return "both keep-alive probes were answered" if sent == 2 else f"all {count_words(sent, PROBE)} were answered"
    if unanswered:
        return f"{unanswered} of its {count_words(sent, PROBE)} got no answer"
    # Neither answered nor known to be unanswered: the capture, or the connection, ended too soon to tell.
    was = "was" if answered == 1 else "were"
    return f"{count_words(answered, PROBE)} {was} answered, and on the last the capture does not tell"


def trouble(case: Case, when: str) -> str:
    """What went wrong with the keep-alive although the connection survived it: " Before that, ..."; "" if nothing."""
    text = "".join(f" {when}, {tell_gap(case, missed).text}." for missed in case.connection.missed())
    for side in (case.local, case.peer):
        unanswered = case.connection.unanswered(side)
        if unanswered:
            count, last = count_words(len(unanswered), PROBE), unanswered[-1]
            after = ", then they were answered again" if answered_after(case, last) else ""
            text += f" {when}, {count} of {case.roles.name(side)} got no answer{after} (frame {last.frame})."
    return text


def answered_after(case: Case, unanswered: Finding) -> bool:
    """Whether a probe was answered after this finding."""
    return any(answer.frame > unanswered.frame for answer in case.connection.of("answer"))


def what_local_did(case: Case, fin: Finding) -> str:
    """What the local side did after the peer's FIN: " The client's kernel ..."; "" when there is nothing to say."""
    used = ""
    kept = case.close_wait_ns or 0
    if case.log_ns is not None and case.log_ns > fin.time_ns:
        used = f"still used the socket {format_duration(case.log_ns - fin.time_ns)} later"
    elif kept >= PROMPT_CLOSE_NS:
        used = f"kept the socket for at least {format_duration(kept)}"
    if not used:
        return _writes(case)
    who = capitalized(case.local_name)
    if case.ending.fin_ack is None:
        return f" {who}'s application {used}.{_writes(case)}"
    return f" {who}'s kernel acknowledged the FIN, but its application {used}.{_writes(case)}"


def _writes(case: Case) -> str:
    reset = case.ending.post_fin_reset
    writes = [f for f in case.ending.post_fin_writes if f.source == case.local and f.level >= Level.WARN]
    if writes:
        after = format_duration(writes[0].number("after_fin_ns") or 0)
        drew = f" and drew an RST (frame {reset.frame})" if reset is not None else ""
        return f" {capitalized(case.local_name)} wrote {after} after the FIN (frame {writes[0].frame}){drew}."
    if reset is not None and reset.text("cause_kind") == "probe":
        cause = reset.number("cause_frame")
        fails = "so a later write fails without a packet."
        if case.log_ns is None:
            return f" The probe of frame {cause} drew an RST (frame {reset.frame}), {fails}"
        return (
            f" By then the socket was dead: the probe of frame {cause} had drawn an RST (frame {reset.frame}), {fails}"
        )
    return ""
