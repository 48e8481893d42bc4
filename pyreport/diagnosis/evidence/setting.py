"""That a side's keep-alive setting changed while the connection was open."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.connections.new_spacing import first_at_new_spacing
from pyreport.diagnosis.case import Case
from pyreport.frames.findings import SettingChanged


def setting_changes(case: Case) -> tuple[Claim, ...]:
    """Each change that the capture shows, in frame order; of one side the reason is told once."""
    changes = [changed for changed in case.connection.of(SettingChanged) if changed.by in case.roles.parties]
    sides = [changed.by for changed in changes]
    return tuple(tell_change(case, changed, again=changed.by in sides[:place]) for place, changed in enumerate(changes))


def tell_change(case: Case, changed: SettingChanged, *, again: bool = False) -> Claim:
    """Whose setting changed, from which spacing to which, and the probe that first came at the new one. ``again``: a
    change of the same side was told before.
    """
    first = first_at_new_spacing(case.connection, changed)
    return claim(
        "keepalive-setting-changed",
        (first, changed.frame),
        who=case.roles.party(changed.by),
        before=Duration(changed.before_ns),
        after=Duration(changed.after_ns),
        frame=FrameNumber(first),
        again=again,
    )
