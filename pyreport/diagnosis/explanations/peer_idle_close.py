"""The peer's application, or a proxy in its place, closed a connection that had been idle for its limit."""

from __future__ import annotations

from bisect import bisect_left

from msgspec.structs import replace

from pyreport.application.parting import Why
from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.base.units import NS_PER_S
from pyreport.connections.ending import said_nothing
from pyreport.connections.index import CaptureIndex
from pyreport.connections.round_trip import round_trip_ns
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.close_age import close_age, closer_age_ns
from pyreport.diagnosis.evidence.closing import NOT_CLOSED, closed_first
from pyreport.diagnosis.evidence.idle_close import IdleClose, idle_close
from pyreport.diagnosis.evidence.idle_limits import IdleLimits, idle_limits
from pyreport.diagnosis.evidence.last_words import words_of_peer
from pyreport.diagnosis.evidence.likeness import likeness
from pyreport.diagnosis.evidence.never_came import unheard_before_close
from pyreport.diagnosis.evidence.reply_cut import tell_cut
from pyreport.diagnosis.evidence.same_service import Opening, is_same_age, next_opening, tell_opening
from pyreport.diagnosis.evidence.silent_past_keepalive import silent_past_keepalive
from pyreport.diagnosis.evidence.spread import Cause, Spread, tell_together, together
from pyreport.diagnosis.evidence.tls_parting import Parting, parting_of, tell_parting
from pyreport.diagnosis.evidence.unheard import closed_in_its_own_time
from pyreport.diagnosis.evidence.unserved import left_unserved, owed_reply, perhaps_unread, unread_by_peer
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import (
    FEWEST_PERIODIC,
    IDLE_FROM_NS,
    LATE_NS,
    LIMIT_LATE_NS,
    LONG_LIMIT_NS,
    ROUND_LIMIT_NS,
    ROUND_LONG_LIMIT_NS,
    SAME_AGE_NS,
    SAME_AGE_SHARE,
    SHORT_OF_IT_NS,
    SHORTEST_LIMIT_NS,
    TIGHTER,
    TOGETHER_NS,
    WHOLE_SECOND_NS,
)
from pyreport.frames.findings import Answer, Fin, GaveUp, Reset
from pyreport.frames.frame import FLAG_ACK


def explain(case: Case) -> Explanation:
    """A close of the peer after a silence of data: a FIN, or an unprompted RST of its own socket (MariaDB, HAProxy with
    nolinger). Keep-alives do not refresh such a limit: it counts what the application reads and writes (Kafka's
    Selector, HAProxy, nginx, Envoy).
    """
    first, fin, peer = case.ending.first, case.ending.fin, case.peer_party
    parted = parting_of(case)
    if parted is not None and parted.by == case.peer and parted.is_of_idle:
        return _of_parting(case, parted)
    if first is None:
        return _result(Status.NO_EVIDENCE, NOT_CLOSED)
    if isinstance(first, Reset) and first.source == case.peer and first.cause_frame is None:
        return _of_reset(case, first)
    if fin is None:
        return _result(case.when_absent, claim("peer-idle-close-no-fin", peer=peer))
    if not case.peer_closed_first:
        told = claim("peer-idle-close-other-first", (fin.frame,), peer=peer, local=case.local_party)
        return _result(Status.RULED_OUT, told)
    if case.used_half_close:
        return _result(Status.RULED_OUT, claim("peer-idle-close-half-close", (fin.frame,), peer=peer))
    unheard = unheard_before_close(case)
    if unheard is not None:
        return _result(Status.NO_EVIDENCE, unheard)
    age = close_age(case)
    data_idle = None if age is None else age.ns
    if data_idle is None:
        return _result(Status.POSSIBLE, claim("peer-idle-close-age-unknown", (fin.frame,), peer=peer))
    frames = closed_first(case, fin).frames
    if data_idle < IDLE_FROM_NS:
        spoke = said_nothing(fin) is None
        identifier = "peer-idle-close-after-exchange" if spoke else "peer-idle-close-after-handshake"
        told = claim(identifier, frames, peer=peer, age=Duration(data_idle))
        return _result(Status.NO_EVIDENCE, told)
    return _weigh(case, fin, data_idle, frames)


def _of_parting(case: Case, parted: Parting) -> Explanation:
    """Leave that was taken of TLS alone, after a silence: a limit is possible where the age is a round one."""
    return _result(Status.POSSIBLE if _is_round(case, parted) else Status.NO_EVIDENCE, tell_parting(case, parted))


def _is_round(case: Case, parted: Parting) -> bool:
    round_trip, age_ns = round_trip_ns(case.connection), parted.silence_ns
    is_long = age_ns >= SHORTEST_LIMIT_NS
    return is_whole(age_ns, round_trip) or (is_long and is_just_over_round(age_ns, round_trip))


def _of_reset(case: Case, reset: Reset) -> Explanation:
    """An RST that answers nothing is a close like a FIN where it goes on where the peer's socket was."""
    idle = idle_close(case)
    if idle is None:
        return _result(Status.NO_EVIDENCE, claim("peer-idle-close-rst", (reset.frame,), peer=case.peer_party))
    if idle.is_own_reset:
        return _weigh(case, reset, idle.data_idle_ns, idle.frames)
    return _of_any_sender(case, reset, idle)


def _of_any_sender(case: Case, reset: Reset, idle: IdleClose) -> Explanation:
    """An RST that nothing ties to the peer's socket, as balancers send it, without options: that it comes again and
    again at one age shows a limit. Its hop limit tells whether it came from where the peer is; whether the peer or a
    device in between sends it, nothing does.
    """
    closing = case.connection.frame(reset.frame)
    again = _same_age(case, reset, idle.data_idle_ns, together(case.index, case.peer, reset))
    look = None if closing is None else likeness(case.connection, closing)
    if look is None or look.is_elsewhere:
        return _result(Status.NO_EVIDENCE, claim("peer-idle-close-rst", (reset.frame,), peer=case.peer_party))
    if len(again) + 1 < FEWEST_PERIODIC:
        return _of_any_sender_once(case, reset, idle, is_as_far=look.is_as_far)
    found = _weigh(case, reset, idle.data_idle_ns, idle.frames)
    sender = claim("peer-idle-close-rst-of-any", (reset.frame,), peer=case.peer_party, as_far=look.is_as_far)
    status = Status.POSSIBLE if found.status is Status.SUPPORTED and not look.is_as_far else found.status
    return replace(found, status=status, evidence=(*found.evidence, sender))


def _of_any_sender_once(case: Case, reset: Reset, idle: IdleClose, *, is_as_far: bool) -> Explanation:
    """The same of one RST: Windows, which sends no timestamps, ends an idle session with one (Active Directory), and a
    balancer does in the name of its server. A limit is possible where the age is a round one, or the service's own.
    """
    closing, age_ns = case.connection.frame(reset.frame), idle.data_idle_ns
    limits, round_trip = idle_limits(case), round_trip_ns(case.connection)
    of_service = limits is not None and any(found.timer.service for found in limits.equal)
    is_round = age_ns >= SHORTEST_LIMIT_NS and is_just_over_round(age_ns, round_trip)
    is_of_socket = is_as_far and closing is not None and closing.has(FLAG_ACK)
    against = [*_waited(case), *_outlived(case, age_ns), *_refused_afterwards(case, reset)]
    batch = together(case.index, case.peer, reset)
    if not is_of_socket or not (of_service or is_round) or against or batch.may_be_event or perhaps_unread(case, reset):
        told = claim("peer-idle-close-rst", (reset.frame,), peer=case.peer_party)
        return _result(Status.NO_EVIDENCE, told, against=against)
    told = claim("peer-idle-close-rst-round", idle.frames, peer=case.peer_party, idle=Duration(age_ns))
    return _result(Status.POSSIBLE, told, *_matching_limits(limits, idle.frames))


def _weigh(case: Case, fin: Fin | Reset, data_idle: int, frames: tuple[int, ...]) -> Explanation:
    """The close came after a silence: whether a limit of that length is known, seen again, or excluded."""
    peer = case.peer_party
    if isinstance(fin, Fin):
        evidence = [closed_first(case, fin)]
    else:
        evidence = [claim("reset-after-idle", frames, who=peer, idle=Duration(data_idle))]
    answered = tuple(f.frame for f in case.connection.of(Answer, side=case.peer) if f.time_ns < fin.time_ns)
    if answered:
        evidence.append(claim("peer-idle-close-probes-answered", answered, peer=peer))
    said = words_of_peer(case)
    if said is not None and said.parting.why is Why.IDLE:
        words = claim("peer-idle-close-said", (said.frame,), peer=peer, frame=FrameNumber(said.frame), said=said.text)
        return _result(Status.SUPPORTED, words, *evidence)
    if said is not None:
        other = claim(
            "peer-idle-close-said-otherwise", (said.frame,), peer=peer, frame=FrameNumber(said.frame), said=said.text
        )
        return _result(Status.NO_EVIDENCE, *evidence, against=[other])
    silent = silent_past_keepalive(case)
    if silent is not None:
        return _result(Status.NO_EVIDENCE, *evidence, against=[silent])
    batch = together(case.index, case.peer, fin)
    again = _same_age(case, fin, data_idle, batch)
    matching = _matching_limits(idle_limits(case), frames)
    same = [claim("peer-idle-close-same-age", again, peer=peer, others=len(again))] if again else []
    evidence += [*matching, *same]
    against = [
        *_waited(case),
        *_outlived(case, data_idle),
        *_one_event(batch, case.peer),
        *_refused_afterwards(case, fin),
    ]
    unread = perhaps_unread(case, fin) if isinstance(fin, Reset) and not against else None
    if unread is not None:
        return _result(Status.POSSIBLE if same or matching else Status.NO_EVIDENCE, *evidence, against=[unread])
    if against:
        return _result(Status.NO_EVIDENCE if not same else Status.POSSIBLE, *evidence, against=against)
    if same:
        return _result(Status.SUPPORTED, *evidence)
    if matching and not batch.may_be_event:
        return _result(Status.SUPPORTED, *evidence)
    if matching:
        return _result(Status.POSSIBLE, *evidence, against=[tell_together(batch, case.peer)])
    round_trip = round_trip_ns(case.connection)
    is_long = isinstance(fin, Fin) or data_idle >= SHORTEST_LIMIT_NS  # a program resets for other reasons, too
    whole, just_over = is_whole(data_idle, round_trip), is_long and is_just_over_round(data_idle, round_trip)
    just_or_odd = "peer-idle-close-just-over-round" if just_over else "peer-idle-close-odd-age"
    evidence.append(claim("peer-idle-close-whole-seconds" if whole else just_or_odd, frames))
    return _result(Status.POSSIBLE, *evidence)


def is_whole(age_ns: int, round_trip: int) -> bool:
    """Whether an age is a whole number of seconds, as far as a close comes soon after its limit."""
    beyond = (age_ns + SHORT_OF_IT_NS + round_trip) % NS_PER_S
    return beyond <= SHORT_OF_IT_NS + 2 * round_trip + WHOLE_SECOND_NS


def is_nobodys_limit(case: Case, found: Explanation) -> bool:
    """Whether the age at the peer's close is one that no limit is known for, and no round one, and this close is alone:
    an administrator's KILL comes at such an age, and a limit seldom. Several of one age may have one all the same.
    """
    first = case.ending.first
    is_odd = any(told.id == "peer-idle-close-odd-age" for told in found.evidence)
    if not is_odd or not isinstance(first, Fin | Reset):
        return False
    return len(together(case.index, case.peer, first).closes) <= 1


def is_just_over_round(age_ns: int, round_trip: int) -> bool:
    """Whether an age is a length that people set limits to, or up to a second more: most products look once a second.
    Long ones are set to multiples of half a minute, those of a few seconds to any number of them: there a second more
    would be every age, and only a whole number is one, or a little more, as of a program that looks often.
    """
    if age_ns < ROUND_LIMIT_NS - SHORT_OF_IT_NS:
        return (age_ns + SHORT_OF_IT_NS + round_trip) % NS_PER_S <= SHORT_OF_IT_NS + 2 * round_trip + LATE_NS
    step = ROUND_LIMIT_NS if age_ns < LONG_LIMIT_NS else ROUND_LONG_LIMIT_NS
    beyond = (age_ns + SHORT_OF_IT_NS + round_trip) % step
    return beyond <= SHORT_OF_IT_NS + 2 * round_trip + LIMIT_LATE_NS


def is_limit_age(case: Case) -> bool:
    """Whether the age at the peer's close can be called a limit: a known default, a whole number of seconds, or the age
    of its closes at other times.
    """
    parted = parting_of(case)
    if parted is not None:
        return parted.by == case.peer and parted.is_of_idle and _is_round(case, parted)
    idle, fin = idle_close(case), case.ending.first
    if idle is None or fin is None or fin.source != case.peer or isinstance(fin, GaveUp):
        return False
    age = idle.data_idle_ns
    batch, limits = together(case.index, case.peer, fin), idle_limits(case)
    if batch.is_of_one_moment:
        return False
    known = limits is not None and bool(limits.of_data)
    return known or is_whole(age, round_trip_ns(case.connection)) or bool(_same_age(case, fin, age, batch))


def _same_age(case: Case, fin: Fin | Reset, data_idle: int, batch: Spread) -> tuple[int, ...]:
    """The service's closes of other idle connections at the same age, at other times: their ages lie much closer
    together than their moments.
    """
    ages = case.index.once(("ages of closes", case.peer), lambda: _ages(case.index, case.peer))
    first = bisect_left(ages, data_idle - max(SAME_AGE_NS, data_idle // SAME_AGE_SHARE), key=_age_of)
    frames = []
    for age, time_ns, frame, stream in ages[first:]:
        if age > data_idle and not is_same_age(age, data_idle):
            break
        apart = abs(time_ns - fin.time_ns)
        at_another_time = apart > TOGETHER_NS or batch.cause is Cause.LIMIT
        if stream != case.connection.stream and at_another_time and apart >= TIGHTER * abs(age - data_idle):
            frames.append(frame)
    return tuple(sorted(frames))


def _ages(index: CaptureIndex, service: str) -> list[tuple[int, int, int, int]]:
    """Age of the data, time, frame and stream of each close that a service made unasked, the youngest first."""
    closes = [close for close in index.closes.get(service, []) if close.is_unprompted]
    aged = ((closer_age_ns(index, close), close) for close in closes)
    return sorted((age, close.time_ns, close.frame, close.connection.stream) for age, close in aged if age is not None)


def _age_of(aged: tuple[int, int, int, int]) -> int:
    return aged[0]


def _one_event(batch: Spread, service: str) -> list[Claim]:
    """Other connections that closed at the same moment, whatever their age."""
    return [tell_together(batch, service)] if batch.is_of_one_moment else []


def _refused_afterwards(case: Case, fin: Fin | Reset) -> list[Claim]:
    """A service that refuses connections right after it closed one has gone down: no idle limit does that."""
    opening = next_opening(case.index, case.peer, fin.time_ns)
    if opening is None or opening[0] is not Opening.REFUSED:
        return []
    return [tell_opening(case.peer, fin, opening)]


def _waited(case: Case) -> list[Claim]:
    """A peer that waited for a reply, or for a window to open, was not idle: a timeout of its own ran out. Nor was one
    that left unread what it had been sent, that had asked again and again, that was in the middle of a reply, or that
    owed one.
    """
    reasons = tell_cut(case), left_unserved(case), unread_by_peer(case), closed_in_its_own_time(case), owed_reply(case)
    return [told for told in reasons if told is not None]


def _outlived(case: Case, data_idle: int) -> list[Claim]:
    """A longer silence after a reply of the service that this connection, or another one of it, came through."""
    margin = max(SAME_AGE_NS, data_idle // SAME_AGE_SHARE) + IDLE_FROM_NS
    for other in case.index.by_endpoint.get(case.peer, []):
        longest = case.index.longest_rest.get((other.stream, case.peer))
        if longest is not None and longest[0] > data_idle + margin:
            rest_ns, *around = longest
            rest, is_this, frames = Duration(rest_ns), other is case.connection, tuple(around)
            return [claim("peer-idle-close-outlived", frames, is_this=is_this, service=case.peer, rest=rest)]
    return []


def _matching_limits(limits: IdleLimits | None, frames: tuple[int, ...]) -> list[Claim]:
    """The known limits nearest to this age, with a source; a match is no proof."""
    if limits is None or not limits.of_data:
        return []
    verified = [match.timer for match in limits.of_data if not match.timer.unverified]
    named = tuple(claim("known-limit", who=timer.told_who, source=timer.source) for timer in verified[:2])
    more = len(limits.of_data) - len(named)
    if not named:
        return [claim("peer-idle-close-matches-unverified", frames, limits=more)]
    return [claim("peer-idle-close-matches", frames, limits=named, more=more)]


def _result(status: Status, *evidence: Claim, against: list[Claim] | None = None) -> Explanation:
    return Explanation(ExplanationId.PEER_IDLE_CLOSE, status, evidence, tuple(against or ()))
