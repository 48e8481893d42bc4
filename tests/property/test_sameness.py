"""What findings must not depend on: absolute numbers and times, names, neighbours, copies, and (mostly) the passes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypothesis import strategies as st

from tests.property.conversation import ISN, Plan, play
from tests.property.core import LUA_5_2, LUA_5_4, Finding, Findings, rows_of, run
from tests.property.examples import for_all
from tests.property.plans import ANYTHING, HEALTHY, SETTINGS, plans, settings_for
from tests.property.segments import SEQUENCE_SPACE, add
from tests.scenarios.packets import ACK
from tests.scenarios.simulation import MICROSECOND, SECOND
from tests.support.core import Row, Settings

FRAME_DATA = (
    "answer",
    "last_probe",
    "probe",
    "first_probe",
    "last_heard",
    "cause",
    "fin",
    "last_data",
    "acked_in",
    "reset_in",
    "since",
    "farewell",
    "data",
    "last_repeat",
    "segment",
    "last_frame",
)
NUMBERS = st.integers(0, SEQUENCE_SPACE - 1)
# These make the numbers of client and server wrap in the first few segments, before, in or right behind one.
WRAPS = [st.sampled_from([SEQUENCE_SPACE - isn - n for n in (0, 1, 2, 51, 101, 151, 201, 1401)]) for isn in ISN]

# What a later frame, or the capture's end, may still change. Everything else is final when its frame is seen.
ADDED_LATER = {"probe", "answer", "unanswered", "post_fin_probe", "missed", "late", "retransmission_timeout"}
TAKEN_BACK = {"missed", "late"}  # by a gap that goes on, by a new setting, and by a clock that was set forward
# What says that a connection ended, by a segment that shows that it goes on (SAYS_ENDED of lua/keepalive_reset.lua).
TAKEN_BACK_BY_LIFE = {"reset", "gave_up", "post_fin_reset", "retransmission_timeout", "closed_before_due"}
LEVEL_CHANGES = {"post_fin_write", "post_fin_reset", "reset"}
DATA_TAKEN_BACK = {"doubt"}  # of a FIN: whether the peer had closed before
# What was taken for a farewell, and what it says of the silence: a request, where the peer answers it at length.
OF_A_FAREWELL = {"farewell", "farewell_bytes", "silence", "silence_from", "since"}


def rows_and_end(plan: Plan) -> tuple[list[Row], int]:
    """The capture of a conversation, and when it ends."""
    conversation = play(plan)
    return rows_of(conversation.capture), conversation.end_ns


def renumbered(findings: Sequence[Finding], numbers: Sequence[int]) -> list[Finding]:
    """Findings with each frame number n as numbers[n]."""

    def datum(name: str, value: int | str) -> int | str:
        return numbers[value] if name in FRAME_DATA and isinstance(value, int) else value

    return [
        Finding(numbers[f.frame], f.id, f.level, tuple((name, datum(name, value)) for name, value in f.data))
        for f in findings
    ]


@for_all(plans(HEALTHY) | plans(ANYTHING), SETTINGS, WRAPS[0] | NUMBERS, WRAPS[1] | NUMBERS, examples=200)
def test_sequence_numbers_are_only_compared(plan: Plan, choice: int, client: int, server: int) -> None:
    """Other initial sequence numbers, so also numbers that wrap: the same findings."""
    (rows, end), settings = rows_and_end(plan), settings_for(plan, choice)

    def shifted(row: Row) -> Row:
        mine, other = (client, server) if row.source == "client" else (server, client)
        return row._replace(seq=add(row.seq, mine), ack=add(row.ack, other) if row.flags & ACK else row.ack)

    assert run(rows, end, settings) == run([shifted(row) for row in rows], end, settings)


@for_all(plans(ANYTHING), SETTINGS, st.integers(0, 10**8), examples=100)
def test_times_are_only_compared(plan: Plan, choice: int, seconds: int) -> None:
    """The capture began earlier: the same findings, moments moved by that."""
    (rows, end), settings = rows_and_end(plan), settings_for(plan, choice)
    shift = seconds * SECOND + 1
    late = run([row._replace(time_ns=row.time_ns + shift) for row in rows], end + shift, settings)

    def back(findings: Sequence[Finding]) -> list[Finding]:
        return [
            f._replace(data=tuple((n, v - shift if n == "due" and isinstance(v, int) else v) for n, v in f.data))
            for f in findings
        ]

    assert run(rows, end, settings) == Findings(back(late.in_one_pass), back(late.in_two_passes))


@for_all(plans(ANYTHING), SETTINGS, examples=100)
def test_neither_side_is_special(plan: Plan, choice: int) -> None:
    """Whichever side a capture that starts after the handshake shows first, and whatever it is called."""
    (rows, end), settings = rows_and_end(plan), settings_for(plan, choice)
    if len(rows) < 4 or rows[2].flags != ACK:
        return
    ack, rest = rows[2], rows[3:]
    other = ack._replace(source=ack.destination, destination=ack.source, seq=ack.ack, ack=ack.seq)
    one, two = run([ack, other, *rest], end, settings), run([other, ack, *rest], end, settings)
    # Which of the first two frames was the last of its side is theirs to tell.
    swapped = [0, 2, 1, *range(3, len(rest) + 3)]
    for first, second in ((one.in_one_pass, two.in_one_pass), (one.in_two_passes, two.in_two_passes)):
        assert first == sorted_as(renumbered(second, swapped), first)


def sorted_as(findings: list[Finding], like: list[Finding]) -> list[Finding]:
    """Findings in the order of others that they equal, else as they are."""
    return like if Counter(findings) == Counter(like) else findings


@for_all(plans(ANYTHING), plans(ANYTHING), examples=100)
def test_connections_do_not_touch_each_other(one: Plan, two: Plan) -> None:
    """Two connections in one capture: each gets what it gets alone."""
    (first, first_end), (second, second_end) = rows_and_end(one), rows_and_end(two)
    end = max(first_end, second_end)
    # Longer source names, as another address would have.
    second = [row._replace(stream=1) for row in second]
    tagged = sorted([(row, 0) for row in first] + [(row, 1) for row in second], key=lambda pair: pair[0].time_ns)
    both = run([row for row, _ in tagged], end)
    for stream, rows in enumerate((first, second)):
        alone = run(rows, end)
        numbers = [0, *(number for number, (_, of) in enumerate(tagged, start=1) if of == stream)]
        assert renumbered(alone.in_one_pass, numbers) == [f for f in both.in_one_pass if f.frame in numbers]
        assert renumbered(alone.in_two_passes, numbers) == [f for f in both.in_two_passes if f.frame in numbers]


@for_all(plans(ANYTHING), SETTINGS, st.integers(0, 100), examples=100)
def test_a_mirror_port_changes_nothing(plan: Plan, choice: int, delay: int) -> None:
    """Each frame twice, as a mirror port and `-i any` show it: the copies have no findings, the others the same.

    Except "time since the last segment", which counts from the copy, and what the end of a capture shows: it stands at
    the last frame, a copy.
    """
    (rows, end), settings = rows_and_end(plan), settings_for(plan, choice)
    doubled = [copy for row in rows for copy in (row, row._replace(time_ns=row.time_ns + delay * MICROSECOND))]
    doubled.sort(key=lambda row: row.time_ns)
    if [row[1:] for row in doubled[::2]] != [row[1:] for row in doubled[1::2]]:
        return  # frames closer together than the copies: not a mirror of this capture
    alone, both = run(rows, end, settings), run(doubled, end + delay * MICROSECOND, settings)

    def plain(findings: Sequence[Finding]) -> list[tuple[int, str, str]]:
        return [(f.frame - is_shown_by_the_end(f), f.id, f.level) for f in findings]

    def is_shown_by_the_end(finding: Finding) -> bool:
        return finding.frame == len(doubled) and finding.datum("ended_by") == "capture_end"

    numbers = [0, *range(1, 2 * len(rows), 2)]
    # Which of two findings on one frame comes first does not matter.
    assert sorted(plain(renumbered(alone.in_two_passes, numbers))) == sorted(plain(both.in_two_passes))


def came_late(finding: Finding, answers: Sequence[Finding]) -> bool:
    """Whether a finding is of a probe that was answered late, by an acknowledgment that was taken for another's
    (keepalive_late.lua): it was told unanswered, or the acknowledgment as the answer to the other one.
    """
    if finding.id == "unanswered":
        return any(answer.datum("probe") == finding.datum("probe") for answer in answers)
    return finding.id == "answer" and any(answer.frame == finding.frame for answer in answers)


@for_all(plans(ANYTHING), SETTINGS, st.integers(0, 20), examples=300)
def test_two_passes_change_only_what_later_frames_prove(plan: Plan, choice: int, start: int) -> None:
    """Also in a capture that starts in the middle: see ADDED_LATER, TAKEN_BACK, TAKEN_BACK_BY_LIFE and LEVEL_CHANGES.

    Data may become more (the frame of an answer, what ended a gap), never another: only a gap that goes on, or that is
    judged again when the cadence is known, and a write that was or was not taken are completed.
    """
    (rows, end), settings = rows_and_end(plan), settings_for(plan, choice)
    found = run(rows[start:], end, settings)
    # A frame may say "unanswered" of two probes.
    once = {(f.frame, f.id, f.datum("probe")): f for f in found.in_one_pass}
    twice = {(f.frame, f.id, f.datum("probe")): f for f in found.in_two_passes}
    for key in twice.keys() - once.keys():
        assert key[1] in ADDED_LATER, twice[key]
    for key in once.keys() - twice.keys():
        goes_on = key[0] < len(rows) - start
        by_life = goes_on and key[1] in TAKEN_BACK_BY_LIFE
        assert key[1] in TAKEN_BACK or by_life or came_late(once[key], found.of("answer")), once[key]
    for key in once.keys() & twice.keys():
        before, after = once[key], twice[key]
        assert before.level == after.level or before.id in LEVEL_CHANGES, (before, after)
        if before.id not in ("missed", "late", "post_fin_write"):
            was_request = before.id == "fin" and "farewell" in dict(before.data) and "farewell" not in dict(after.data)
            taken_back = DATA_TAKEN_BACK | (OF_A_FAREWELL if was_request else set())
            final = {(name, value) for name, value in before.data if name not in taken_back}
            assert final <= set(after.data), (before, after)


@for_all(plans(ANYTHING), SETTINGS, examples=100)
def test_lua_5_2_and_5_4_agree(plan: Plan, choice: int) -> None:
    """Wireshark 4.2 and earlier have Lua 5.2, where all numbers are floating; later ones 5.4."""
    (rows, end), settings = rows_and_end(plan), settings_for(plan, choice)
    assert run(rows, end, settings, LUA_5_2) == run(rows, end, settings, LUA_5_4)


SEGMENTS = st.builds(
    Row,
    time_ns=st.integers(-(10**12), 10**12),
    source=st.sampled_from(("a", "b", "c")),
    destination=st.sampled_from(("a", "b")),
    seq=st.one_of(st.integers(0, 5), st.integers(SEQUENCE_SPACE - 5, SEQUENCE_SPACE - 1), NUMBERS),
    ack=st.one_of(st.integers(0, 5), st.integers(SEQUENCE_SPACE - 5, SEQUENCE_SPACE - 1), NUMBERS),
    length=st.one_of(st.integers(0, 3), st.integers(0, 65535)),
    flags=st.integers(0, 255),
    window=st.one_of(st.just(0), st.integers(0, 65535)),
    stream=st.integers(0, 1),
    clock_steps=st.integers(0, 2),
    tsval=st.one_of(st.just(-1), st.integers(0, 5), NUMBERS),
    tsecr=st.integers(0, 5),
)


@for_all(
    st.lists(SEGMENTS, max_size=40), st.sampled_from((Settings(), Settings(idle=SECOND, interval=SECOND))), examples=400
)
def test_no_garbage_raises_an_error(rows: list[Row], settings: Settings) -> None:
    """Any segments, also back in time: core.run raises when Lua does; and the second run is like the first."""
    assert run(rows, 10**12, settings) == run(rows, 10**12, settings)
