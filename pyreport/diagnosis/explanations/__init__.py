"""One module for each explanation: ``explain(case) -> Explanation``, pure."""

from __future__ import annotations

from collections.abc import Callable

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.explanations import (
    application_stalled,
    capture_loss,
    host_frozen_here,
    host_frozen_there,
    keepalive_gave_up,
    middlebox_close,
    path_loss,
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
    peer_restart.explain,
    host_frozen_there.explain,
    middlebox_close.explain,
    path_loss.explain,
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
    return tuple(explain(case) for explain in EXPLAINERS)
