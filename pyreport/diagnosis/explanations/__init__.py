"""One module for each explanation: ``explain(case) -> Explanation``, pure."""

from __future__ import annotations

from collections.abc import Callable

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.explanations import (
    application_stalled,
    capture_loss,
    close_race,
    host_frozen_here,
    host_frozen_there,
    idle_state_forgotten,
    keepalive_gave_up,
    middlebox_close,
    mtu_black_hole,
    one_direction,
    path_loss,
    peer_application_stalled,
    peer_idle_close,
    peer_restart,
    probe_not_sent,
    retransmission_timeout,
    write_on_half_closed,
)
from pyreport.diagnosis.result import Explanation

#: In the order of the question: service, network, host, application.
EXPLAINERS: tuple[Callable[[Case], Explanation], ...] = (
    peer_idle_close.explain,
    close_race.explain,
    peer_restart.explain,
    peer_application_stalled.explain,
    host_frozen_there.explain,
    middlebox_close.explain,
    idle_state_forgotten.explain,
    path_loss.explain,
    mtu_black_hole.explain,
    retransmission_timeout.explain,
    keepalive_gave_up.explain,
    probe_not_sent.explain,
    host_frozen_here.explain,
    capture_loss.explain,
    write_on_half_closed.explain,
    application_stalled.explain,
)


def explain_all(case: Case) -> tuple[Explanation, ...]:
    """Weigh every explanation."""
    return tuple(one_direction.as_far_as_told(case, explain(case)) for explain in EXPLAINERS)
