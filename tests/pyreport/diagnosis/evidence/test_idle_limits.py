"""Known timers held against the end of an idle connection."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pyreport.base.claim import Claim, Duration, claim
from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.diagnosis.evidence.idle_close import IdleClose, idle_close
from pyreport.diagnosis.evidence.idle_limits import Fate, idle_limits, weigh_timer
from pyreport.knowledge.known_timers import Ends, KnownTimer, Measured, Refreshed, Side, State, known_timers
from pyreport.narrative.limits import MOST_ROWS, limit_rows, limits_notes
from pyreport.words import Words
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, weigh
from tests.pyreport.cases import idle_close as idle_close_story
from tests.pyreport.told import ids, told

ROWS = {timer.id: timer for timer in known_timers()}
S = NS_PER_S

# The server closed after 60 s without data; its peer's probes were answered all the time.
PROBED = IdleClose(
    ends=Ends.FIN, data_idle_ns=60 * S, packet_idle_ns=5 * S, survived_data_ns=1 * S, survived_packets_ns=5 * S,
    probes_answered=11, closed_by_client=False, service="", round_trip_ns=NS_PER_MS, frames=(1, 2),
)  # fmt: skip
# The same without a single probe.
QUIET = replace(PROBED, packet_idle_ns=60 * S, survived_packets_ns=1 * S, probes_answered=0)


def fate(name: str, close: IdleClose) -> tuple[Fate, Claim]:
    found = weigh_timer(ROWS[name], close)
    return found.fate, found.reason


def idle(close: IdleClose, seconds: float) -> IdleClose:
    age = round(seconds * S)
    return replace(close, data_idle_ns=age, packet_idle_ns=min(age, close.packet_idle_ns))


# The age -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(59.9, False), (59.96, True), (60.0, True), (60.9, True), (61.1, False)],
)
def test_an_age_matches_within_its_uncertainty(seconds: float, expected: bool) -> None:
    """Short by a round trip and a delayed acknowledgment at the most, late by a second."""
    assert (fate("ucloud_clb", idle(PROBED, seconds))[0] is Fate.EQUALS) is expected


def test_the_round_trip_is_part_of_it() -> None:
    assert fate("ucloud_clb", idle(PROBED, 59.8))[0] is Fate.EXCLUDED
    assert fate("ucloud_clb", replace(idle(PROBED, 59.8), round_trip_ns=200 * NS_PER_MS))[0] is Fate.EQUALS


def test_a_row_has_its_own_lateness() -> None:
    """franz-go may take up to twice its 30 s."""
    ours = replace(PROBED, closed_by_client=True)
    assert fate("franz_go", idle(ours, 55.0))[0] is Fate.EQUALS
    assert fate("kafka_go", idle(ours, 55.0))[0] is Fate.SETTABLE


def test_what_can_be_set_to_the_age_is_not_excluded() -> None:
    found, reason = fate("kafka_broker", PROBED)
    assert found is Fate.SETTABLE
    short = claim("idle-limit-not-reached", limit=600 * S, measured=Measured.DATA, age=60 * S)
    assert reason == claim("idle-limit-settable", misfit=short, age=60 * S)
    assert Words().say(reason) == (
        "The default of this limit is 10 min, and the connection had been without data for 60.0 s only. It can be "
        "set to 60.0 s."
    )
    off = claim("idle-limit-settable", misfit=claim("idle-limit-off"), age=60 * S)
    assert fate("redis", replace(PROBED, service="Redis")) == (Fate.SETTABLE, off)
    assert fate("fortigate", replace(QUIET, ends=Ends.RST))[0] is Fate.EXCLUDED  # 300 s at least


def test_a_longer_silence_that_was_outlived_excludes_a_limit() -> None:
    survived = replace(PROBED, survived_data_ns=90 * S)
    assert fate("ucloud_clb", survived) == (Fate.EXCLUDED, claim("idle-limit-outlived", limit=60 * S))
    assert fate("kafka_broker", survived)[0] is Fate.EXCLUDED


# Keep-alives ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["azure_lb", "f5_fastl4"])
def test_a_tracker_that_probes_refresh_cannot_have_expired(name: str) -> None:
    close = replace(idle(PROBED, 300.0), ends=Ends.RST)
    found, reason = fate(name, close)
    assert found is Fate.EXCLUDED
    assert reason == claim("idle-limit-refreshed", answers=11, before=5 * S)


def test_the_same_tracker_matches_without_probes() -> None:
    close = replace(QUIET, ends=Ends.RST, data_idle_ns=300 * S, packet_idle_ns=300 * S)
    assert fate("f5_fastl4", close) == (
        Fate.EQUALS,
        claim("idle-limit-equals", limit=300 * S, measured=Measured.PACKETS, age=300 * S),
    )


def test_unknown_whether_refreshed_counts_either_way() -> None:
    assert fate("huawei_elb_tcp", idle(PROBED, 300.0))[0] is Fate.EQUALS
    quiet = replace(QUIET, data_idle_ns=900 * S, packet_idle_ns=300 * S)
    assert fate("huawei_elb_tcp", quiet)[0] is Fate.EQUALS


# How it ended --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "ends", "its"),
    [
        ("conntrack", Ends.FIN, Ends.SILENT),
        ("f5_fastl4", Ends.FIN, Ends.RST),
        ("aws_clb", Ends.RST, Ends.FIN),
        ("aws_clb", Ends.SILENT, Ends.FIN),
    ],
)
def test_another_kind_of_end(name: str, ends: Ends, its: Ends) -> None:
    reason = claim("idle-limit-ends-otherwise", ends=its, ended=ends)
    assert fate(name, replace(QUIET, ends=ends)) == (Fate.EXCLUDED, reason)
    assert Words().say(reason).startswith("This limit ")


@pytest.mark.parametrize("ends", [Ends.SILENT, Ends.RST_NEXT])
def test_a_forgotten_connection_is_noticed_late(ends: Ends) -> None:
    """A silent tracker of 350 s, and the next packet after an hour."""
    close = replace(QUIET, ends=ends, data_idle_ns=3_600 * S, packet_idle_ns=3_600 * S, closed_by_client=None)
    assert fate("aws_nat_gateway", close)[0] is Fate.HAD_RUN_OUT
    assert fate("palo_alto", replace(close, ends=Ends.SILENT))[0] is Fate.EQUALS
    found, reason = fate("conntrack", close)  # five days
    assert found is Fate.SETTABLE
    assert (reason.id, reason.values["age"]) == ("idle-limit-settable-or-less", 3_600 * S)
    assert fate("aws_nat_gateway", replace(close, packet_idle_ns=300 * S))[0] is Fate.EXCLUDED


# IPVS forgets after 900 s; its router answers the next packet with an RST.
FORGOTTEN = replace(
    QUIET, ends=Ends.RST_NEXT, data_idle_ns=901_703 * NS_PER_MS, packet_idle_ns=901_703 * NS_PER_MS,
    closed_by_client=None,
)  # fmt: skip


def test_what_equals_and_what_had_run_out_are_apart() -> None:
    """After 901.7 s: 900 s equals, 350 s had run out, an hour had not."""
    found, reason = fate("ipvs", FORGOTTEN)
    assert (found, reason.id) == (Fate.EQUALS, "idle-limit-equals")
    found, reason = fate("aws_nlb", FORGOTTEN)
    assert (found, reason.id) == (Fate.HAD_RUN_OUT, "idle-limit-passed")
    assert fate("cisco_asa", replace(FORGOTTEN, ends=Ends.SILENT))[0] is Fate.SETTABLE


def test_a_limit_that_was_outlived_before_had_not_run_out() -> None:
    assert fate("aws_nat_gateway", FORGOTTEN)[0] is Fate.HAD_RUN_OUT
    assert fate("aws_nat_gateway", replace(FORGOTTEN, survived_packets_ns=800 * S))[0] is Fate.EXCLUDED


def test_a_limit_of_a_device_needs_its_behaviour() -> None:
    """No FIN, and no RST of the socket of the other side."""
    assert fate("ipvs", replace(FORGOTTEN, ends=Ends.FIN))[1].id == "idle-limit-ends-otherwise"
    assert fate("ipvs", replace(FORGOTTEN, is_own_reset=True))[1] == claim("idle-limit-of-device")


def test_a_limit_of_unacknowledged_data() -> None:
    silent = replace(FORGOTTEN, ends=Ends.SILENT)
    assert fate("conntrack_unacknowledged", silent)[1] == claim("idle-limit-unacknowledged")


def test_the_nearest_come_first_and_a_product_once() -> None:
    story = Story().handshake().data(1.0, SERVER).data(902.7, CLIENT).reset(902.8, SERVER, "data", 902.7)
    limits = idle_limits(case_of(story))
    assert limits is not None
    assert [found.timer.id for found in limits.equal] == ["ipvs"]
    ran_out = [found.timer.limit_ns or 0 for found in limits.ran_out]
    assert ran_out == sorted(ran_out, reverse=True)
    products = [found.timer.product for found in (*limits.equal, *limits.ran_out, *limits.settable)]
    assert len(products) == len(set(products))
    assert limit_rows(limits)[0].who.startswith("kube-proxy in IPVS mode")


def test_a_silence_that_data_found_counts_up_to_the_data() -> None:
    """A device that forgets in silence: the request after it goes out again and again."""
    story = Story().handshake().data(1.0, SERVER)
    found = close_of(story.sent_again(CLIENT, 352.0, 352.2, 352.6, 353.4, 355.0))
    assert (found.ends, found.packet_idle_ns) == (Ends.SILENT, 351 * S)
    answered = Story().handshake().data(1.0, SERVER).sent_again(CLIENT, 352.0, 352.2).data(352.3, SERVER)
    answered.lost.clear()
    assert idle_close(case_of(answered)) is None


def test_who_closed() -> None:
    assert fate("kafka_broker", replace(PROBED, closed_by_client=True))[1] == claim("idle-limit-of-server")
    assert fate("kafka_go", PROBED)[1] == claim("idle-limit-of-client")
    unknown = replace(PROBED, closed_by_client=None)
    assert fate("kafka_broker", unknown)[0] is Fate.SETTABLE


def test_the_service_of_the_port() -> None:
    other = claim("idle-limit-other-service", limited="MySQL", service="Kafka")
    assert fate("mysql", replace(PROBED, service="Kafka"))[1] == other
    assert fate("aws_alb", replace(PROBED, service="HTTPS"))[0] is Fate.EQUALS
    assert fate("aws_alb", replace(PROBED, service=""))[0] is Fate.EQUALS


def test_what_counts_after_a_fin() -> None:
    assert fate("conntrack_close_wait", QUIET)[1] == claim("idle-limit-after-fin")


# The measured end ----------------------------------------------------------------------------------------------------


def close_of(story: Story) -> IdleClose:
    found = idle_close(case_of(story))
    assert found is not None
    return found


def test_an_idle_close_as_the_capture_shows_it() -> None:
    found = close_of(idle_close_story())
    assert found == IdleClose(
        ends=Ends.FIN, data_idle_ns=60 * S, packet_idle_ns=4_890 * NS_PER_MS, survived_data_ns=100 * NS_PER_MS,
        survived_packets_ns=5_100 * NS_PER_MS, probes_answered=11, closed_by_client=False, service="Kafka",
        round_trip_ns=11 * NS_PER_MS, frames=(number(1.0), number(61.0)),
    )  # fmt: skip


def test_a_reset_that_answers_counts_up_to_what_it_answers() -> None:
    story = Story().handshake().data(1.0, SERVER).data(401.0, CLIENT).reset(401.1, SERVER, "data", 401.0)
    found = close_of(story)
    assert (found.ends, found.data_idle_ns, found.packet_idle_ns) == (Ends.RST_NEXT, 400 * S, 400 * S)
    assert found.closed_by_client is None


def test_a_reset_of_its_own() -> None:
    found = close_of(Story().handshake().data(1.0, SERVER).reset(301.0, SERVER))
    assert (found.ends, found.data_idle_ns, found.closed_by_client) == (Ends.RST, 300 * S, False)


def test_silence_counts_up_to_the_first_probe() -> None:
    found = close_of(Story().handshake().data(1.0, SERVER).gave_up(401.0, 2))
    assert (found.ends, found.packet_idle_ns) == (Ends.SILENT, 400 * S)


def test_silence_of_a_connection_without_payload_counts_from_the_handshake() -> None:
    found = close_of(Story().handshake().probes(6.0, 3).fin(60.011, SERVER))
    assert (found.ends, found.data_idle_ns, found.frames) == (Ends.FIN, 60 * S, (number(0.011), number(60.011)))


@pytest.mark.parametrize(
    "story",
    [
        Story().handshake().data(1.0, SERVER).probes(6.0, 3),  # still open
        Story().handshake().data(1.0, SERVER).fin(1.5, SERVER, 1.0),  # busy until the end
        Story().probes(6.0, 3).fin(60.0, SERVER, None),  # neither payload nor handshake: no age
    ],
)
def test_no_idle_close(story: Story) -> None:
    assert idle_close(case_of(story)) is None
    assert idle_limits(case_of(story)) is None
    assert limit_rows(None) == ()
    assert limits_notes(None) == ()


# In the report -------------------------------------------------------------------------------------------------------


def test_every_row_has_one_fate() -> None:
    limits = idle_limits(case_of(idle_close_story()))
    assert limits is not None
    weighed = [*limits.equal, *limits.ran_out, *limits.settable, *limits.excluded]
    assert {found.timer.product for found in weighed} == {timer.product for timer in ROWS.values()}
    assert {"ucloud_clb", "haproxy_1m"} <= {found.timer.id for found in limits.equal}
    assert limits.settable[0].timer.id == "kafka_broker"
    assert {"conntrack", "aws_nlb", "aws_alb", "kafka_go"} <= {found.timer.id for found in limits.excluded}


def test_the_table_is_short_and_has_the_own_service() -> None:
    limits = idle_limits(case_of(idle_close_story()))
    rows = limit_rows(limits)
    assert len(rows) <= MOST_ROWS
    broker = next(row for row in rows if row.who == "Kafka broker")
    assert broker.how == claim("limit-can-be-set", limit=Duration(600 * S))
    ucloud = next(row for row in rows if row.who.startswith("UCloud"))
    assert ucloud.how == claim("limit-equals", limit=Duration(60 * S))
    assert ucloud.source.id == "source-in-part"
    assert limits_notes(limits)[-1].id == "limits-excluded"


def test_more_matches_than_the_table_holds_are_counted() -> None:
    limits = idle_limits(case_of(idle_close_story()))
    assert limits is not None
    many = replace(limits, equal=limits.equal * 4)
    shown = limit_rows(many)
    assert len(shown) == MOST_ROWS
    own = sum(1 for row in shown if row.who == "Kafka broker")
    assert limits_notes(many)[0] == claim("limits-more-equal", count=len(many.equal) - MOST_ROWS + own)


def test_an_age_of_nobody() -> None:
    limits = idle_limits(case_of(Story().handshake().data(1.0, SERVER).fin(38.0, SERVER, 1.0)))
    assert limits is not None
    assert limits.equal == ()
    assert limits_notes(limits)[0].id == "limits-none-equals"


def test_the_explanation_names_what_matches() -> None:
    matches = told(weigh("peer_idle_close", case_of(idle_close_story())).evidence, "peer-idle-close-matches")
    assert "HAProxy" in str(matches.values["limits"])
    assert Words().say(matches).endswith("A match of numbers is no proof.")
    odd = case_of(Story().handshake().data(1.0, SERVER).fin(38.0, SERVER, 1.0))
    assert "peer-idle-close-matches" not in ids(weigh("peer_idle_close", odd).evidence)


def test_the_spacing_of_the_probes_is_no_age_of_the_data() -> None:
    """Probes every 60 s, and a FIN 60 s after the last of them: some product has a limit of 60 s, and nothing was
    without data for 60 s. The twin closes 60 s after the data.
    """
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER)
    for index in range(6):
        story.probe(61.0 + 60.0 * index)
    case = case_of(story.fin(421.06, SERVER, 1.0))
    limits = idle_limits(case)
    assert limits is not None
    assert [found.reason.values["measured"] for found in limits.equal] == [Measured.PACKETS]
    assert limits.of_data == ()
    told_of = ids(weigh("peer_idle_close", case).evidence)
    assert not {"peer-idle-close-matches", "peer-idle-close-matches-unverified"} & set(told_of)
    assert [row.how.id for row in limit_rows(limits)][:1] == ["limit-equals-silence"]
    twin = idle_limits(case_of(Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).fin(61.0, SERVER, 1.0)))
    assert twin is not None
    assert twin.of_data == twin.equal != ()


# The edges, of a row that nobody has ---------------------------------------------------------------------------------

#: A limit of 60 s on the silence without data, that can be set to between 10 and 600 s.
ROW = KnownTimer(
    id="row", who="A row", setting="its setting", side=Side.SERVER, ends=(Ends.FIN,), refreshed=Refreshed.NO,
    measured=Measured.DATA, source="nobody's", limit_ms=60_000, settable_s=(10, 600),
)  # fmt: skip
NS = 1
ROUND_TRIP = PROBED.round_trip_ns
EARLY = ROUND_TRIP + 50 * NS_PER_MS  # a delayed acknowledgment (40 ms), and a tick (10 ms)
LATE = S + ROUND_TRIP


def weighed(timer: KnownTimer, close: IdleClose, age: int) -> tuple[Fate, str]:
    found = weigh_timer(timer, replace(close, data_idle_ns=age))
    misfit = found.reason.values.get("misfit")
    return found.fate, misfit.id if isinstance(misfit, Claim) else found.reason.id


@pytest.mark.parametrize(
    ("age", "fate", "why"),
    [
        (60 * S - EARLY, Fate.EQUALS, "idle-limit-equals"),
        (60 * S - EARLY - NS, Fate.SETTABLE, "idle-limit-not-reached"),
        (60 * S + LATE, Fate.EQUALS, "idle-limit-equals"),
        (60 * S + LATE + NS, Fate.SETTABLE, "idle-limit-long-passed"),
        (10 * S, Fate.SETTABLE, "idle-limit-not-reached"),
        (5 * S, Fate.EXCLUDED, "idle-limit-not-reached"),
        (600 * S, Fate.SETTABLE, "idle-limit-long-passed"),
        (700 * S, Fate.EXCLUDED, "idle-limit-long-passed"),
    ],
)
def test_a_limit_has_two_edges_and_what_it_can_be_set_to_as_well(age: int, fate: Fate, why: str) -> None:
    assert weighed(ROW, PROBED, age) == (fate, why)


@pytest.mark.parametrize(
    ("survived", "fate"), [(60 * S + LATE, Fate.EQUALS), (60 * S + LATE + NS, Fate.EXCLUDED), (90 * S, Fate.EXCLUDED)]
)
def test_a_silence_that_was_outlived_excludes_the_limit(survived: int, fate: Fate) -> None:
    """By the clock that the limit counts by: that of data, or that of packets."""
    assert weighed(ROW, replace(PROBED, survived_data_ns=survived), 60 * S)[0] is fate
    assert weighed(ROW, replace(PROBED, survived_packets_ns=survived), 60 * S)[0] is Fate.EQUALS
    packets = replace(ROW, measured=Measured.PACKETS)
    close = replace(QUIET, survived_packets_ns=survived)
    assert weighed(packets, close, 60 * S)[0] is fate


@pytest.mark.parametrize(
    ("age", "limit", "fate"),
    [
        (60 * S + LATE, 60, Fate.EQUALS),
        (60 * S + LATE + NS, 60, Fate.HAD_RUN_OUT),
        (606 * S, 600, Fate.EQUALS),  # a hundredth of it
        (606 * S + NS, 600, Fate.HAD_RUN_OUT),
        (60 * S - EARLY, 60, Fate.EQUALS),
        (60 * S - EARLY - NS, 60, Fate.SETTABLE),
        (10 * S, 60, Fate.SETTABLE),  # it may have been set to less
        (10 * S - NS, 60, Fate.EXCLUDED),
    ],
)
def test_what_was_forgotten_is_noticed_whenever_the_next_packet_comes(age: int, limit: int, fate: Fate) -> None:
    forgets = replace(ROW, side=Side.PATH, ends=(Ends.SILENT,), limit_ms=limit * 1000)
    assert weighed(forgets, replace(PROBED, ends=Ends.SILENT, closed_by_client=None), age)[0] is fate


@pytest.mark.parametrize(
    ("packets", "fate"),
    [(60 * S - EARLY, Fate.EQUALS), (60 * S - EARLY - NS, Fate.EXCLUDED), (5 * S, Fate.EXCLUDED)],
)
def test_keepalives_that_are_answered_refresh_what_they_refresh(packets: int, fate: Fate) -> None:
    refreshed = replace(ROW, refreshed=Refreshed.YES)
    close = replace(PROBED, packet_idle_ns=packets)
    assert weighed(refreshed, close, 60 * S)[0] is fate
    assert weighed(ROW, close, 60 * S)[0] is Fate.EQUALS
    assert weighed(refreshed, replace(close, probes_answered=0), 60 * S)[0] is Fate.EQUALS


@pytest.mark.parametrize(
    ("timer", "close", "why"),
    [
        ({"state": State.HALF_CLOSED}, {}, "idle-limit-after-fin"),
        ({"state": State.UNACKNOWLEDGED}, {}, "idle-limit-unacknowledged"),
        ({"state": State.UNACKNOWLEDGED}, {"is_unacknowledged": True}, ""),
        ({"service": "SSH"}, {"service": "HTTP"}, "idle-limit-other-service"),
        ({"service": "SSH"}, {"service": ""}, ""),
        ({"service": ""}, {"service": "HTTP"}, ""),
        ({"service": "HTTP"}, {"service": "HTTPS"}, ""),
        ({}, {"closed_by_client": True}, "idle-limit-of-server"),
        ({}, {"closed_by_client": None}, ""),
        ({"side": Side.CLIENT}, {}, "idle-limit-of-client"),
        ({"side": Side.CLIENT}, {"closed_by_client": True}, ""),
        ({"ends": (Ends.RST,)}, {}, "idle-limit-ends-otherwise"),
        ({"side": Side.PATH, "ends": (Ends.RST,)}, {"ends": Ends.RST}, ""),
        ({"side": Side.PATH, "ends": (Ends.RST,)}, {"ends": Ends.RST, "is_own_reset": True}, "idle-limit-of-device"),
        ({"ends": (Ends.RST,)}, {"ends": Ends.RST, "is_own_reset": True}, ""),
        ({"side": Side.PATH, "ends": (Ends.SILENT,)}, {"ends": Ends.RST_NEXT, "closed_by_client": None}, ""),
    ],
)
def test_a_row_is_about_a_connection_of_its_own_kind(
    timer: dict[str, object], close: dict[str, object], why: str
) -> None:
    found = weigh_timer(replace(ROW, **timer), replace(PROBED, **close))
    assert (found.fate is Fate.EXCLUDED) is bool(why)
    assert not why or found.reason.id == why


def test_a_row_without_a_default_is_off_until_it_is_set() -> None:
    off = replace(ROW, limit_ms=None)
    assert weighed(off, PROBED, 60 * S) == (Fate.SETTABLE, "idle-limit-off")
    assert weighed(replace(off, settable_s=()), PROBED, 60 * S) == (Fate.EXCLUDED, "idle-limit-off")


@pytest.mark.parametrize("port", [80, 443])
def test_of_limits_that_match_those_of_the_connections_own_service_come_first(port: int) -> None:
    """HTTP over TLS is HTTP."""
    server = f"10.0.9.9:{port}"
    story = Story(server=server).handshake().data(0.9, CLIENT).data(1.0, server).fin(61.0, server, 1.0)
    limits = idle_limits(case_of(story))
    assert limits is not None
    of_service = [found.timer.service == "HTTP" for found in limits.equal]
    assert set(of_service) == {True, False}
    assert of_service == sorted(of_service, reverse=True)
