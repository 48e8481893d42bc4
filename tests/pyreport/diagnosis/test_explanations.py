"""Each explanation: where it holds, and a near twin in which it is tempting and wrong."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Party
from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import tell_gap
from pyreport.diagnosis.explanations import EXPLAINERS
from pyreport.diagnosis.result import ExplanationId, Status
from pyreport.frames.findings import PostFinWriteHarmless
from pyreport.words import Words
from tests.pyreport.cases import (
    CLIENT,
    SERVER,
    TLS_ALERT,
    Story,
    at_the_server,
    case_of,
    gap_before_close,
    idle_close,
    number,
    overlooked_close,
    resumed_neighbour,
    steady_neighbour,
    weigh,
    with_timestamps,
)
from tests.pyreport.told import ids, told


def test_every_explanation_has_its_own_id_and_says_what_would_refute_it() -> None:
    results = [explain(case_of(overlooked_close())) for explain in EXPLAINERS]
    assert sorted(result.id for result in results) == sorted(ExplanationId)
    words = Words()
    assert all(words.label(f"explanation-{result.id}") and words.label(f"refute-{result.id}") for result in results)
    assert all(result.evidence for result in results)


# The peer closed an idle connection ----------------------------------------------------------------------------------


def test_idle_close_is_the_fin_after_a_silence_of_data() -> None:
    result = weigh("peer_idle_close", case_of(idle_close()))
    assert result.status is Status.SUPPORTED
    closed = told(result.evidence, "close-after-data")
    assert (closed.values["who"], closed.values["idle"]) == (Party.SERVER, 60 * NS_PER_S)
    assert result.evidence[0] is closed
    assert closed.frames == (number(1.0), number(61.0))
    assert result.evidence[1].frames[-1] == number(56.110)


def test_a_fin_right_after_data_is_no_idle_close() -> None:
    result = weigh("peer_idle_close", case_of(Story().handshake().data(1.0, SERVER).fin(1.5, SERVER, 1.0)))
    assert result.status is Status.NO_EVIDENCE


def test_a_half_close_is_no_idle_close() -> None:
    story = Story().handshake().data(1.0, SERVER).fin(61.0, SERVER, 1.0)
    story.write_after_fin(62.0, CLIENT, 61.0, harmless="half_close", acked=62.1).frame(62.1, SERVER)
    assert weigh("peer_idle_close", case_of(story)).status is Status.RULED_OUT


def test_the_own_close_is_no_idle_close_of_the_peer() -> None:
    story = Story().handshake().data(1.0, SERVER).fin(61.0, CLIENT, 1.0)
    result = weigh("peer_idle_close", case_of(story))
    assert (result.status, result.evidence[0].frames) == (Status.RULED_OUT, (number(61.0),))


def test_a_reset_is_no_idle_close() -> None:
    """Few limits end with an RST of their own, and one that answers something is none. At a round age it may be one."""
    story = Story().handshake().data(1.0, SERVER).reset(58.7, SERVER)
    assert weigh("peer_idle_close", case_of(story)).status is Status.NO_EVIDENCE
    story = Story().handshake().data(1.0, SERVER).reset(61.0, SERVER)
    assert weigh("peer_idle_close", case_of(story)).status is Status.POSSIBLE
    answer = Story().handshake().data(1.0, SERVER).data(61.0, CLIENT).reset(61.01, SERVER, "data", 61.0)
    assert weigh("peer_idle_close", case_of(answer)).status is Status.RULED_OUT


def test_an_unknown_age_of_data_leaves_it_open() -> None:
    story = Story().probes(6.0, 3).fin(17.0, SERVER, None)
    assert weigh("peer_idle_close", case_of(story)).status is Status.POSSIBLE


def test_other_connections_closed_at_the_same_age_count() -> None:
    same = Story("10.0.0.1:41001", stream=1).data(2.0, SERVER).fin(62.1, SERVER, 2.0)
    other = Story("10.0.0.1:41002", stream=2).data(2.5, SERVER).fin(12.5, SERVER, 2.5)
    result = weigh("peer_idle_close", case_of(idle_close(), same, other))
    assert (result.evidence[-1].id, result.evidence[-1].values["others"]) == ("peer-idle-close-same-age", 1)
    assert result.evidence[-1].frames == (number(62.1),)


# A device on the path closed it --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["fin", "reset"])
def test_a_foreign_hop_limit_speaks_for_a_device(kind: str) -> None:
    story = Story().handshake().data(1.0, SERVER)
    story = story.fin(61.0, SERVER, 1.0, ttl=63) if kind == "fin" else story.reset(61.0, SERVER, ttl=63)
    result = weigh("middlebox_close", case_of(story))
    assert result.status is Status.SUPPORTED
    foreign = told(result.evidence, "closing-frame-other-ttl")
    assert foreign.values == {"ttl": 63, "usual": 61, "is_ipv6": False}


def test_the_same_hop_limit_is_no_evidence() -> None:
    result = weigh("middlebox_close", case_of(Story().handshake().data(1.0, SERVER).reset(61.0, SERVER)))
    assert result.status is Status.NO_EVIDENCE


def test_an_early_reset_of_a_probe_makes_it_possible() -> None:
    result = weigh("middlebox_close", case_of(overlooked_close()))
    assert result.status is Status.POSSIBLE
    assert told(result.evidence, "middlebox-close-early-rst").values == {"age": 5_200 * NS_PER_MS}
    assert told(result.against, "closing-frame-same-ttl").values["ttl"] == 61


def test_a_reset_after_the_kernels_own_limit_is_ordinary() -> None:
    story = idle_close().probe(122.0, answered=False, after_fin=61.0)
    story.reset_after_fin(122.2, SERVER, 122.0, "probe", 61.0)
    assert weigh("middlebox_close", case_of(story)).status is Status.NO_EVIDENCE


def test_the_own_close_is_no_devices() -> None:
    story = Story().handshake().data(1.0, SERVER).reset(61.0, CLIENT)
    assert weigh("middlebox_close", case_of(story)).status is Status.RULED_OUT


# Packets were lost ---------------------------------------------------------------------------------------------------


def lost_probes() -> Story:
    story = Story().handshake().data(1.0, SERVER).probe(6.0).probe(11.0, answered=False).probe(16.0, answered=False)
    return story.probe(21.0).unanswered(11.0, 16.0, 1).unanswered(16.0, 21.0, 2)


def test_several_probes_without_an_answer_are_loss() -> None:
    """While the host behind the path is heard on another connection; else it may have been down."""
    assert weigh("path_loss", case_of(lost_probes())).status is Status.POSSIBLE
    result = weigh("path_loss", case_of(lost_probes(), steady_neighbour(1, 30.0)))
    assert result.status is Status.SUPPORTED
    assert result.evidence[0].frames == (number(11.0), number(16.0))
    heard = told(result.evidence, "wait-probes-host-heard")
    assert (heard.values["asker"], heard.values["silent"], heard.values["probes"]) == (Party.CLIENT, Party.SERVER, 2)


def test_one_probe_without_an_answer_is_not_yet_loss() -> None:
    story = Story().handshake().data(1.0, SERVER).probe(6.0, answered=False).probe(11.0).unanswered(6.0, 11.0, 1)
    assert weigh("path_loss", case_of(story)).status is Status.POSSIBLE


def test_answers_that_came_in_clear_the_path() -> None:
    result = weigh("path_loss", case_of(idle_close()))
    assert result.status is Status.RULED_OUT
    assert len(result.evidence[0].frames) == 11


def test_answers_that_left_do_not_clear_the_path() -> None:
    """At the server the capture has every answer, whether it arrives or not."""
    assert weigh("path_loss", case_of(at_the_server(idle_close()))).status is Status.NO_EVIDENCE


def test_probes_that_stop_coming_to_the_other_end_may_be_lost() -> None:
    assert weigh("path_loss", case_of(at_the_server(gap_before_close()))).status is Status.POSSIBLE
    assert weigh("path_loss", case_of(gap_before_close())).status is Status.RULED_OUT


@pytest.mark.parametrize(("after", "status"), [(0.003, Status.NO_EVIDENCE), (0.3, Status.POSSIBLE)])
def test_the_second_copy_of_a_mirror_port_was_sent_once(after: float, status: Status) -> None:
    story = Story().handshake().data(1.0, SERVER).frame(1.0 + after, SERVER, length=100, retransmission=True)
    story.marked(1.0, ip_id=7).marked(1.0 + after, ip_id=7)
    assert weigh("path_loss", case_of(story.frame(2.0, CLIENT))).status is status


def test_a_retransmission_leaves_the_path_open() -> None:
    story = Story().handshake().data(1.0, SERVER).frame(1.3, SERVER, length=100, retransmission=True)
    result = weigh("path_loss", case_of(story))
    assert result.status is Status.POSSIBLE
    assert number(1.3) in result.evidence[0].frames


# Keep-alive gave up --------------------------------------------------------------------------------------------------


def dead_peer() -> Story:
    return Story().handshake().data(1.0, SERVER).probes_in_vain(6.0, 3)


def test_the_rst_after_unanswered_probes_is_keepalive_giving_up() -> None:
    result = weigh("keepalive_gave_up", case_of(Story().handshake().data(1.0, SERVER).gave_up(6.0, 3)))
    assert result.status is Status.SUPPORTED
    assert result.evidence[0].frames == (number(6.0), number(16.0), number(21.0))


def test_unanswered_probes_alone_are_not_giving_up() -> None:
    assert weigh("keepalive_gave_up", case_of(dead_peer())).status is Status.POSSIBLE


def test_a_fin_after_unanswered_probes_is_not_giving_up() -> None:
    story = dead_peer().probe(21.0).unanswered(16.0, 21.0, 3).fin(23.0, SERVER, 1.0)
    assert weigh("keepalive_gave_up", case_of(story)).status is Status.RULED_OUT


# Probes were not sent ------------------------------------------------------------------------------------------------


def test_a_missed_interval_is_a_probe_not_sent_and_no_cause_of_the_fin() -> None:
    assert weigh("probe_not_sent", case_of(gap_before_close())).status is Status.POSSIBLE
    case = case_of(gap_before_close(), steady_neighbour(1, 35.0))
    result = weigh("probe_not_sent", case)
    assert result.status is Status.SUPPORTED
    missing = "keepalive-missing-closes-nothing"
    assert ids(result.evidence) == ["probe-not-sent-gap", "probe-not-sent-capture-ran", missing]
    assert result.evidence[0].values["gap"] == tell_gap(case, case.connection.missed()[0])
    assert result.evidence[0].values["overdue"] == 15_500 * NS_PER_MS
    assert result.evidence[0].frames == (number(11.0), number(31.5))


def test_at_the_other_end_a_probe_not_seen_may_have_been_sent() -> None:
    result = weigh("probe_not_sent", case_of(at_the_server(gap_before_close())))
    assert result.status is Status.POSSIBLE
    assert told(result.against, "probe-not-sent-taken-at-peer").values == {"peer": Party.SERVER}


def test_a_probe_that_was_not_due_yet_is_not_missing() -> None:
    result = weigh("probe_not_sent", case_of(idle_close()))
    assert result.status is Status.RULED_OUT
    assert told(result.evidence, "keepalive-next-due").values == {"margin": 100 * NS_PER_MS}


def test_a_side_without_keepalive_misses_nothing() -> None:
    story = Story().handshake().data(1.0, SERVER).fin(61.0, SERVER, 1.0)
    assert weigh("probe_not_sent", case_of(story)).status is Status.NO_EVIDENCE


def test_the_peers_missed_interval_is_not_the_local_hosts() -> None:
    story = Story().handshake().data(1.0, SERVER).frame(1.01, CLIENT).probes(6.0, 2, SERVER).data(31.5, CLIENT)
    story.missed(11.0, 31.5, 3, "data", by=SERVER)
    assert weigh("probe_not_sent", case_of(story)).status is Status.NO_EVIDENCE


def test_gaps_on_all_connections_that_leave_the_timers_alone_are_gaps_of_the_capture() -> None:
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 2).probe(31.0).missed(11.0, 31.0, 3, "probe")
    case = case_of(story, resumed_neighbour(1, 32.001))
    same = told(weigh("probe_not_sent", case).evidence, "neighbours-came-back-on-time")
    assert same == told(weigh("capture_loss", case).evidence, "neighbours-came-back-on-time")
    assert weigh("probe_not_sent", case).status is Status.POSSIBLE
    assert weigh("host_frozen_here", case).status is Status.RULED_OUT


# The host was frozen -------------------------------------------------------------------------------------------------


def frozen() -> Case:
    """No connection of the host sends anything from 12 to 31.5 s; at the end the overdue probes leave at once."""
    return case_of(gap_before_close(), resumed_neighbour(1, 31.502), resumed_neighbour(2, 31.503), lasts=40.0)


def test_silence_of_all_connections_and_overdue_probes_at_its_end_are_a_freeze() -> None:
    result = weigh("host_frozen_here", frozen())
    assert result.status is Status.SUPPORTED
    silent = told(result.evidence, "host-frozen-here-silent")
    assert silent.values == {"local": Party.CLIENT, "silence": 19_499 * NS_PER_MS}
    assert result.weightiest.id == "host-frozen-here-stood"
    assert (result.weightiest.values["silence"], result.weightiest.values["none_made"]) == (19_499 * NS_PER_MS, False)
    assert told(result.evidence, "host-frozen-here-others-missed").values["others"] == 2
    assert told(result.evidence, "host-frozen-here-overdue").values == {"probes": 2, "within": 2 * NS_PER_MS}


def test_silence_without_overdue_probes_may_be_the_captures() -> None:
    late = [resumed_neighbour(1, 35.7), resumed_neighbour(2, 36.8)]
    result = weigh("host_frozen_here", case_of(gap_before_close(), *late, lasts=40.0))
    assert result.status is Status.POSSIBLE


def test_a_host_that_sent_something_in_the_gap_did_not_stand_still_all_the_time() -> None:
    busy = Story("10.0.0.1:41003", stream=3).data(21.0, "10.0.0.1:41003")
    neighbours = (resumed_neighbour(1, 31.502), resumed_neighbour(2, 31.503))
    result = weigh("host_frozen_here", case_of(gap_before_close(), *neighbours, busy, lasts=40.0))
    assert result.status is Status.POSSIBLE
    sent = told(result.evidence, "host-frozen-here-sent-meanwhile")
    assert (sent.values["others"], sent.values["silence"]) == (2, 10_500 * NS_PER_MS)


def test_probes_of_other_connections_rule_a_freeze_out() -> None:
    result = weigh("host_frozen_here", case_of(gap_before_close(), steady_neighbour(1, 40.0)))
    assert result.status is Status.RULED_OUT
    assert set(result.evidence[0].frames) <= {number(s + 0.001) for s in (18.0, 23.0, 28.0)}


def test_one_connection_alone_cannot_tell_a_freeze() -> None:
    assert weigh("host_frozen_here", case_of(gap_before_close())).status is Status.POSSIBLE


def test_punctual_probes_of_others_by_one_clock_alone_rule_no_freeze_out() -> None:
    """A capture that stood still with the host shows the same."""
    case = case_of(idle_close(), *(steady_neighbour(stream, 64.0) for stream in (1, 2, 3)))
    result = weigh("host_frozen_here", case)
    assert result.status is Status.NO_EVIDENCE
    assert (result.evidence[0].id, result.evidence[0].values["others"]) == ("host-frozen-here-others-on-time", 3)
    assert "clock-only-one" in ids(result.evidence)


def test_punctual_probes_and_timestamps_that_went_on_are_no_freeze() -> None:
    neighbours = [with_timestamps(steady_neighbour(stream, 64.0)) for stream in (1, 2, 3)]
    result = weigh("host_frozen_here", case_of(idle_close(), *neighbours))
    assert result.status is Status.RULED_OUT
    assert "clock-of-the-peer-agrees" in ids(result.evidence)


def test_without_neighbours_a_close_says_nothing_about_the_host() -> None:
    assert weigh("host_frozen_here", case_of(idle_close())).status is Status.NO_EVIDENCE
    assert weigh("host_frozen_here", case_of(Story().handshake().data(1.0, SERVER))).status is Status.NO_EVIDENCE


def test_connections_of_the_peer_do_not_speak_for_the_local_host() -> None:
    foreign = Story("10.0.7.7:41001", stream=1).data(0.5, "10.0.7.7:41001").probes(3.0, 13)
    assert weigh("host_frozen_here", case_of(idle_close(), foreign)).status is Status.NO_EVIDENCE


# The application overlooked the FIN ----------------------------------------------------------------------------------


def test_a_socket_kept_after_the_fin_was_overlooked() -> None:
    result = weigh("write_on_half_closed", case_of(overlooked_close(), log="broken pipe", logged=113.0))
    assert result.status is Status.SUPPORTED
    assert told(result.evidence, "write-on-half-closed-no-own-fin").values["until"] == "rst"
    assert result.evidence[2].frames == (number(66.0),)


def test_a_late_write_after_the_fin_was_an_oversight() -> None:
    story = idle_close().write_after_fin(64.0, CLIENT, 61.0).reset_after_fin(64.2, SERVER, 64.0, "write", 61.0)
    result = weigh("write_on_half_closed", case_of(story))
    assert (result.status, result.evidence[-1].frames) == (Status.SUPPORTED, (number(64.0),))


@pytest.mark.parametrize(("log", "is_told"), [("broken pipe", True), ("connection reset by peer", False), ("", False)])
def test_a_logged_epipe_speaks_for_a_write_on_a_half_closed_connection(log: str, is_told: bool) -> None:
    case = case_of(overlooked_close(), log=log, logged=113.0 if log else None, local=CLIENT)
    assert ("write-on-half-closed-epipe" in ids(weigh("write_on_half_closed", case).evidence)) is is_told


@pytest.mark.parametrize(("after", "status"), [(0.999, Status.POSSIBLE), (1.0, Status.SUPPORTED)])
def test_a_write_a_second_after_the_fin_did_not_cross_it(after: float, status: Status) -> None:
    story = idle_close().write_after_fin(61.0 + after, CLIENT, 61.0)
    story.reset_after_fin(61.2 + after, SERVER, 61.0 + after, "write", 61.0)
    assert weigh("write_on_half_closed", case_of(story)).status is status


@pytest.mark.parametrize(("kept", "status"), [(0.999, Status.RULED_OUT), (1.0, Status.SUPPORTED)])
def test_a_socket_that_was_kept_for_a_second_was_overlooked(kept: float, status: Status) -> None:
    found = weigh("write_on_half_closed", case_of(idle_close().answering_fin(61.0 + kept, CLIENT)))
    assert found.status is status


@pytest.mark.parametrize("closes", [True, False])
def test_a_connection_that_was_soon_over_clears_only_who_closed_it(closes: bool) -> None:
    """In a capture that ends at once, the application had no time to close. The reason comes first: it is told."""
    found = weigh("write_on_half_closed", case_of(idle_close().answering_fin(61.2, CLIENT) if closes else idle_close()))
    assert found.status is (Status.RULED_OUT if closes else Status.NO_EVIDENCE)
    assert ids(found.evidence)[0] == "write-on-half-closed-too-soon"


def test_a_log_line_after_a_close_that_was_soon_over_shows_no_stall() -> None:
    """The RST ended it 0.2 s after the FIN: the application had no time to look."""
    story = idle_close().write_after_fin(61.002, CLIENT, 61.0).reset_after_fin(61.2, SERVER, 61.002, "write", 61.0)
    found = weigh("application_stalled", case_of(story, log="broken pipe", logged=113.0))
    assert found.status is Status.POSSIBLE


def test_a_write_that_crossed_the_fin_is_not_yet_an_oversight() -> None:
    story = idle_close().write_after_fin(61.002, CLIENT, 61.0).reset_after_fin(61.2, SERVER, 61.002, "write", 61.0)
    assert weigh("write_on_half_closed", case_of(story)).status is Status.POSSIBLE


def test_a_prompt_close_was_none() -> None:
    result = weigh("write_on_half_closed", case_of(idle_close().answering_fin(61.2, CLIENT)))
    assert result.status is Status.RULED_OUT


def test_harmless_writes_are_none() -> None:
    story = idle_close().write_after_fin(64.0, CLIENT, 61.0, harmless="tls_alert", payload=TLS_ALERT)
    result = weigh("write_on_half_closed", case_of(story))
    assert result.status is Status.RULED_OUT
    harmless = told(result.evidence, "write-on-half-closed-harmless")
    assert harmless.values == {"local": Party.CLIENT, "why": PostFinWriteHarmless.TLS_ALERT}


def test_without_a_fin_of_the_peer_there_is_nothing_to_overlook() -> None:
    story = Story().handshake().data(1.0, SERVER).fin(61.0, CLIENT, 1.0)
    assert weigh("write_on_half_closed", case_of(story)).status is Status.RULED_OUT


# The application stalled ---------------------------------------------------------------------------------------------


def test_silence_and_an_unread_fin_are_a_stall() -> None:
    result = weigh("application_stalled", case_of(overlooked_close(), log="broken pipe", logged=113.0))
    assert result.status is Status.SUPPORTED
    assert told(result.evidence, "application-stalled-silent-owing-nothing").values["silence"] == 60 * NS_PER_S
    assert told(result.evidence, "fin-unnoticed-until-log").values["least"] == 52 * NS_PER_S


def test_silence_alone_may_be_a_stall() -> None:
    result = weigh("application_stalled", case_of(idle_close().answering_fin(61.2, CLIENT)))
    assert result.status is Status.POSSIBLE
    assert told(result.evidence, "application-stalled-silent-owing-nothing").values["whose"] is Party.SERVER


def test_a_request_without_a_reply_is_named() -> None:
    story = Story().handshake().data(1.0, CLIENT).fin(61.0, SERVER, 1.0)
    result = weigh("application_stalled", case_of(story))
    assert result.status is Status.NO_EVIDENCE
    waited = told(result.evidence, "application-stalled-waited")
    assert (waited.values["waited"], waited.values["peer"]) == (60 * NS_PER_S, Party.SERVER)


def test_an_application_that_closes_did_not_stall() -> None:
    story = Story().handshake().data(1.0, SERVER).fin(61.0, CLIENT, 1.0)
    assert weigh("application_stalled", case_of(story)).status is Status.NO_EVIDENCE
