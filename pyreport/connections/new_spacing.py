"""Where a changed keep-alive setting began to show: the plugin marks the probe that makes it sure."""

from __future__ import annotations

from itertools import pairwise

from pyreport.connections.connection import Connection
from pyreport.frames.findings import Probe, SettingChanged


def first_at_new_spacing(connection: Connection, changed: SettingChanged) -> int:
    """The frame number of the first probe that came at the new spacing: the gaps in a row before the finding that are
    nearer to the new spacing than to the old one. The finding's own frame when the gap before it is not.
    """
    probes = [probe for probe in connection.of(Probe, side=changed.by) if probe.frame <= changed.frame]
    first = changed.frame
    for later, earlier in pairwise(reversed(probes)):
        gap = later.time_ns - earlier.time_ns
        if abs(gap - changed.after_ns) >= abs(gap - changed.before_ns):
            break
        first = later.frame
    return first
