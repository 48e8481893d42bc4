"""That a side's keep-alive setting changed while the connection was open."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.connections.new_spacing import first_at_new_spacing
from pyreport.diagnosis.case import Case
from pyreport.frames.findings import SettingChanged


def setting_changes(case: Case) -> tuple[Claim, ...]:
    """Each change that the capture shows, in frame order."""
    changes = case.connection.of(SettingChanged)
    return tuple(tell_change(case, changed) for changed in changes if changed.by in case.roles.parties)


def tell_change(case: Case, changed: SettingChanged) -> Claim:
    """Whose setting changed, from which spacing to which, and the probe that first came at the new one."""
    first = first_at_new_spacing(case.connection, changed)
    return claim(
        "keepalive-setting-changed",
        (first, changed.frame),
        who=case.roles.party(changed.by),
        before=Duration(changed.before_ns),
        after=Duration(changed.after_ns),
        frame=FrameNumber(first),
    )
