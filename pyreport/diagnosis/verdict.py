"""The verdict: one closed kind, one sentence, how sure, and who has a share in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyreport.diagnosis.model import (
    IDLE_FROM_NS,
    Attribution,
    Case,
    Confidence,
    Explanation,
    Kind,
    Status,
    Verdict,
)
from pyreport.frames import Finding, Level
from pyreport.sentence import Sentence
from pyreport.units import count_words, format_duration

Weighed = Mapping[str, Explanation]


def judge(case: Case, explanations: Sequence[Explanation]) -> Verdict:
    """Decide by how the connection ended first, then by what the explanations found."""
    weighed = {explanation.id: explanation for explanation in explanations}
    ending = case.ending
    if ending.gave_up is not None:
        return _gave_up(case, ending.gave_up)
    if ending.fin is not None:
        if case.peer_closed_first:
            return _peer_fin(case, weighed, ending.fin)
        return _local_fin(case, weighed, ending.fin)
    if ending.reset is not None:
        return _reset(case, ending.reset)
    return _still_open(case, weighed)


def keepalive_sentence(case: Case) -> Sentence | None:
    """What became of the local end's probes up to the close: "all eleven probes were answered; no interval was missed".

    A probe that drew the RST has its answer in it and is not counted. None without probes.
    """
    first = case.ending.first
    end = first.time_ns if first else case.span.last_time_ns
    drew_reset = first.number("cause_frame") if first else None
    probes = [f for f in case.connection.of("probe", side=case.local) if f.time_ns <= end and f.frame != drew_reset]
    if not probes:
        return None
    unanswered = sum(1 for probe in probes if not probe.number("answer_frame"))
    noun = "keep-alive probe"
    if unanswered:
        answered = f"{unanswered} of {count_words(len(probes), noun)} got no answer"
    elif len(probes) == 1:
        answered = f"its one {noun} was answered"
    else:
        answered = (
            f"{'both' if len(probes) == 2 else 'all ' + count_words(len(probes), noun)[: -len(noun) - 2]} {noun}s "
            "were answered"
        )
    missed = sum(f.number("intervals") or 0 for f in case.connection.missed(case.local))
    interval = "no interval was missed" if missed == 0 else f"{count_words(missed, 'interval')} went by without a probe"
    return Sentence(f"{answered}; {interval}", tuple(sorted(finding.frame for finding in probes)))


def _gave_up(case: Case, finding: Finding) -> Verdict:
    silence = format_duration(finding.number("silence_ns") or 0)
    count = finding.number("unanswered") or 0
    who = case.roles.title(finding.source)
    sentence = (
        f"{who} ended the connection itself (RST, frame {finding.frame}): {count} keep-alive probes in a row got no "
        "answer, "
        f"and nothing was heard from {case.roles.name(case.connection.other(finding.source))} for {silence}."
    )
    if finding.source == case.local:
        shares: tuple[Attribution, ...] = (Attribution.NETWORK_PATH, Attribution.PEER_SERVICE)
    else:
        shares = (Attribution.NETWORK_PATH, Attribution.LOCAL_HOST)
    deciding = Sentence(f"{count} probes without an answer, then the prober's own RST.", (finding.frame,))
    return Verdict(Kind.KEEPALIVE_GAVE_UP, sentence, Confidence.CONFIRMED, shares, (deciding,))


def _peer_fin(case: Case, weighed: Weighed, fin: Finding) -> Verdict:
    data_idle = fin.number("data_idle_ns")
    idle = data_idle is not None and data_idle >= IDLE_FROM_NS
    after = f", {format_duration(data_idle)} after the last data" if data_idle is not None else ""
    opening = f"{case.roles.title(case.peer)} closed first (FIN, frame {fin.frame}){after}"
    probes = keepalive_sentence(case)
    if probes is not None:
        opening += f"; {probes.text}"
    if not _is_incident(case):
        answered = "closed in turn" if case.ending.answering_fin else "had not closed when the capture ends"
        sentence = f"{opening}. {case.roles.title(case.local)} {answered}: nothing broke here."
        return Verdict(Kind.HEALTHY, sentence, Confidence.LIKELY, (Attribution.HEALTHY,), _deciding_fin(case, fin))
    shares = [Attribution.PEER_SERVICE]
    if weighed["host_frozen_here"].status is Status.SUPPORTED or weighed["probe_not_sent"].status is Status.SUPPORTED:
        shares.append(Attribution.LOCAL_HOST)
    sentence = f"{opening}."
    if weighed["write_on_half_closed"].status is Status.SUPPORTED:
        shares.append(Attribution.LOCAL_APPLICATION)
        sentence += f" {_unnoticed(case, fin)}"
    kind = Kind.PEER_CLOSED_IDLE if idle else Kind.PEER_CLOSED
    confidence = Confidence.LIKELY
    if weighed["middlebox_close"].status is Status.SUPPORTED:
        kind, confidence, shares[0] = Kind.MIDDLEBOX_CLOSED, Confidence.POSSIBLE, Attribution.NETWORK_PATH
    return Verdict(kind, sentence, confidence, tuple(shares), _deciding_fin(case, fin))


def _unnoticed(case: Case, fin: Finding) -> str:
    """What the local side did after the FIN that it should have acted on."""
    kernel = "Its kernel" if case.ending.fin_ack is None else f"The {_word(case)}'s kernel acknowledged the FIN"
    writes = [
        write for write in case.ending.post_fin_writes if write.source == case.local and write.level >= Level.WARN
    ]
    reset = case.ending.post_fin_reset
    if case.log_ns is not None and case.log_ns > fin.time_ns:
        used = f"its application still used the socket {format_duration(case.log_ns - fin.time_ns)} later"
    else:
        used = f"its application kept the socket for at least {format_duration(case.close_wait_ns or 0)}"
    text = f"{kernel}, but {used}."
    if reset is not None and reset.text("cause_kind") == "probe" and not writes:
        text += (
            f" By then the socket was dead: the probe of frame {reset.number('cause_frame')} had drawn an RST "
            f"(frame {reset.frame}), so a later write fails without a packet."
        )
    elif reset is not None and writes:
        text += f" Its write (frame {reset.number('cause_frame')}) drew an RST (frame {reset.frame})."
    return text


def _word(case: Case) -> str:
    return case.local_name.removeprefix("the ")


def _deciding_fin(case: Case, fin: Finding) -> tuple[Sentence, ...]:
    facts = [
        Sentence(f"The first segment that closes anything is the FIN of {case.roles.name(fin.source)}.", (fin.frame,))
    ]
    in_time = next((f for f in case.connection.of("closed_before_due") if f.text("by") == case.local), None)
    if in_time is not None and in_time.frame == fin.frame:
        margin = format_duration(in_time.number("margin_ns") or 0)
        facts.append(
            Sentence(
                f"The next keep-alive probe was due {margin} after it, so none was missing.",
                tuple(f for f in (in_time.number("last_probe_frame"), fin.frame) if f),
            )
        )
    facts += [_missed_is_no_cause(missed) for missed in case.connection.missed(case.local)]
    return tuple(facts)


def _missed_is_no_cause(missed: Finding) -> Sentence:
    count = count_words(missed.number("intervals") or 0, "keep-alive interval")
    return Sentence(
        f"Before frame {missed.frame}, {count} went by without a probe. That is a fault of its own: a missing probe "
        "does not make a peer send a FIN.",
        tuple(f for f in (missed.number("last_probe_frame"), missed.frame) if f),
    )


def _is_incident(case: Case) -> bool:
    """Whether more than an orderly close happened: an error in the log, or a Warn or Error in the capture."""
    return case.log is not None or case.connection.worst >= Level.WARN


def _trouble_before(case: Case) -> str:
    """What went wrong with the keep-alive on the way, although the connection survived it."""
    text = ""
    missed = case.connection.missed(case.local)
    if missed:
        count = count_words(sum(f.number("intervals") or 0 for f in missed), "keep-alive interval")
        text += f" Before that, {count} of it went by without a probe (frame {missed[0].frame})."
    unanswered = case.connection.of("unanswered")
    if unanswered:
        after = ", then the peer answered again" if _answered_after(case, unanswered[-1]) else ""
        text += (
            f" Before that, {count_words(len(unanswered), 'keep-alive probe')} got no answer{after} (frame "
            f"{unanswered[-1].frame})."
        )
    return text


def _local_fin(case: Case, weighed: Weighed, fin: Finding) -> Verdict:
    data_idle = fin.number("data_idle_ns")
    after = f", {format_duration(data_idle)} after the last data" if data_idle is not None else ""
    opening = f"{case.roles.title(case.local)} closed first (FIN, frame {fin.frame}){after}"
    deciding = _deciding_fin(case, fin)
    if case.log is None and case.connection.worst < Level.WARN:
        return Verdict(
            Kind.HEALTHY,
            f"{opening}: an orderly close, nothing broke here.",
            Confidence.LIKELY,
            (Attribution.HEALTHY,),
            deciding,
        )
    sentence = f"{opening}: the local end ended the connection itself.{_trouble_before(case)}"
    shares = [Attribution.LOCAL_APPLICATION]
    if case.connection.missed(case.local):
        shares.append(Attribution.LOCAL_HOST)
    if weighed["path_loss"].status is Status.SUPPORTED:
        shares.append(Attribution.NETWORK_PATH)
    reset = case.ending.post_fin_reset
    if reset is not None and reset.source == case.local:
        sentence += (
            f" What {case.peer_name} sent after that (frame {reset.number('cause_frame')}) was refused (RST, frame "
            f"{reset.frame})."
        )
    return Verdict(Kind.LOCAL_CLOSED, sentence, Confidence.LIKELY, tuple(shares), deciding)


def _reset(case: Case, reset: Finding) -> Verdict:
    followed = {"data": "in answer to data", "probe": "in answer to a keep-alive probe"}.get(
        reset.text("followed"), "out of silence"
    )
    cause = reset.number("cause_frame")
    of_frame = f" (frame {cause})" if cause else ""
    sentence = (
        f"{case.roles.title(reset.source)} reset the connection (RST, frame {reset.frame}) {followed}{of_frame}, with "
        "no FIN before it."
    )
    probes = keepalive_sentence(case)
    if probes is not None:
        sentence += f" Until then: {probes.text}."
    deciding = Sentence("The first segment that ends anything is an RST; no FIN came before it.", (reset.frame,))
    if reset.source == case.local:
        return Verdict(Kind.LOCAL_CLOSED, sentence, Confidence.LIKELY, (Attribution.LOCAL_APPLICATION,), (deciding,))
    return Verdict(
        Kind.PEER_RESET, sentence, Confidence.LIKELY, (Attribution.PEER_SERVICE, Attribution.NETWORK_PATH), (deciding,)
    )


def _still_open(case: Case, weighed: Weighed) -> Verdict:
    missed = case.connection.missed(case.local)
    last = case.connection.last
    if missed and weighed["host_frozen_here"].status is Status.SUPPORTED:
        finding = missed[0]
        sentence = (
            f"{case.roles.title(case.local)}'s host did not run for a while: {finding.number('intervals')} keep-alive "
            "intervals were missed "
            f"before frame {finding.frame}, on other connections as well. The connection did not close in this capture."
        )
        return Verdict(
            Kind.HOST_FROZEN,
            sentence,
            Confidence.LIKELY,
            (Attribution.LOCAL_HOST,),
            _evidence(weighed, "host_frozen_here"),
        )
    unanswered = case.connection.of("unanswered")
    if unanswered and not _answered_after(case, unanswered[-1]):
        sentence = (
            f"{case.roles.title(case.peer)} stopped answering: the last {unanswered[-1].number('in_a_row')} "
            "keep-alive probes in this capture "
            "got no answer, and nothing closed the connection."
        )
        frames = tuple(f.frame for f in unanswered)
        return Verdict(
            Kind.PATH_LOST, sentence, Confidence.POSSIBLE, (Attribution.NETWORK_PATH, Attribution.PEER_SERVICE),
            (Sentence("Probes without an answer up to the capture's end.", frames),),
        )  # fmt: skip
    if case.connection.worst >= Level.WARN or case.log is not None:
        sentence = (
            "This capture does not show how the connection ended: "
            f"its last frame here is {last.number}, and no FIN or RST is among its frames."
        )
        if missed:
            sentence += (
                f" {case.roles.title(case.local)} missed {sum(f.number('intervals') or 0 for f in missed)} keep-alive "
                "intervals."
            )
        shares = (Attribution.CAPTURE_INCOMPLETE,)
        return Verdict(
            Kind.UNDETERMINED, sentence, Confidence.UNDETERMINED, shares, _evidence(weighed, "probe_not_sent")
        )
    probes = keepalive_sentence(case)
    tail = f" {probes.text[0].upper()}{probes.text[1:]}." if probes else ""
    sentence = f"Nothing broke on this connection while it was captured: no FIN, no RST, nothing unanswered.{tail}"
    return Verdict(Kind.HEALTHY, sentence, Confidence.CONFIRMED, (Attribution.HEALTHY,), ())


def _answered_after(case: Case, unanswered: Finding) -> bool:
    return any(answer.frame > unanswered.frame for answer in case.connection.of("answer"))


def _evidence(weighed: Weighed, explanation: str) -> tuple[Sentence, ...]:
    return weighed[explanation].evidence[:2]
