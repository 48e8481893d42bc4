"""A virtual machine that was really paused, and one whose hypervisor was stopped, told from inside and outside.

The captures in recorded/ were made by hand with an earlier form of `record.py` and the same times: 22 s without the
guest, in which a server's limit of 14 s ran out on all of its three connections. `make lab-vm` judges its own instead:
on a busy machine, too few probes may have come before the hypervisor was stopped, and then the stop is not told.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pyreport.base.units import NS_PER_S
from pyreport.choice.choose import Wanted, choose
from pyreport.choice.diagnosed import Diagnosis, diagnose_selection
from pyreport.diagnosis.evidence.close_age import close_age
from pyreport.diagnosis.evidence.second_clock import stood_still
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Status
from tests.lab.judged import reading_of
from tests.lab.vm.record import GUEST, LIMIT_S, STANDS_S

FOLDER = Path(os.environ.get("KEEPALIVE_VM_CAPTURES", Path(__file__).with_name("recorded")))
LATE_S = 1  # how much later than its time anything is on a busy machine without hardware support


def diagnoses(name: str, of: str) -> list[Diagnosis]:
    """Each connection of a capture, asked about by the guest or by the server."""
    reading = reading_of(FOLDER / f"{name}.pcap")
    found = []
    for connection in reading.index.connections.values():
        guest = connection.a if connection.a.host == GUEST else connection.b
        ends = (guest, connection.other(guest)) if of == "guest" else (connection.other(guest), guest)
        choice = choose(reading, Wanted(ends=ends))
        found.append(diagnose_selection(reading, choice.selection, choice.log, Wanted().zones, []))
    assert len(found) == 3
    return found


def status_of(diagnosis: Diagnosis, identifier: str) -> Status:
    (found,) = [found.status for found in diagnosis.explanations if found.id == identifier]
    return found


@pytest.mark.parametrize("place", ["inside", "outside"])
@pytest.mark.parametrize("kind", ["pause", "stall"])
def test_the_guest_stood_still_and_the_limit_ran_out(kind: str, place: str) -> None:
    """Where the guest's clocks jumped, a connection whose neighbours have no schedule yet may lack the proof."""
    told = diagnoses(f"{kind}-{place}", "guest")
    statuses = [status_of(diagnosis, "host_frozen_here") for diagnosis in told]
    assert statuses.count(Status.SUPPORTED) >= (3 if kind == "pause" else 2)
    assert set(statuses) <= {Status.SUPPORTED, Status.POSSIBLE}
    for diagnosis, status in zip(told, statuses, strict=True):
        assert status_of(diagnosis, "host_frozen_there") is not Status.SUPPORTED
        verdict = diagnosis.verdict
        assert verdict.kind is Kind.PEER_CLOSED_IDLE
        assert verdict.confidence in (Confidence.POSSIBLE, Confidence.LIKELY)
        assert (Attribution.LOCAL_HOST in verdict.attribution) is (status is Status.SUPPORTED)
        assert Attribution.NETWORK_PATH not in verdict.attribution
        age = close_age(diagnosis.case)
        assert age is not None
        assert 0 <= (age.closer_ns or age.ns) - LIMIT_S * NS_PER_S < LATE_S * NS_PER_S


@pytest.mark.parametrize("place", ["inside", "outside"])
@pytest.mark.parametrize("kind", ["pause", "stall"])
def test_the_server_closed_and_its_own_host_ran(kind: str, place: str) -> None:
    for diagnosis in diagnoses(f"{kind}-{place}", "server"):
        assert status_of(diagnosis, "host_frozen_here") is not Status.SUPPORTED
        assert diagnosis.verdict.kind is Kind.LOCAL_CLOSED
        assert Attribution.PEER_SERVICE not in diagnosis.verdict.attribution


@pytest.mark.parametrize("place", ["inside", "outside"])
def test_how_long_a_pause_lasted(place: str) -> None:
    for diagnosis in diagnoses(f"pause-{place}", "guest"):
        stood = stood_still(diagnosis.case, diagnosis.case.local)
        assert stood is not None
        assert stood.with_capture is (place == "inside")
        assert abs(stood.lasted_ns - STANDS_S * NS_PER_S) < LATE_S * NS_PER_S
