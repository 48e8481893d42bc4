"""What Wireshark's own TCP analysis marks each frame as, without the plugin."""

from __future__ import annotations

from pathlib import Path

from tests.support.plugin import run_tshark

MARKS = (
    "keep_alive",
    "keep_alive_ack",
    "duplicate_ack",
    "ack_lost_segment",
    "window_update",
    "zero_window",
    "zero_window_probe",
    "zero_window_probe_ack",
    "retransmission",
    "fast_retransmission",
    "spurious_retransmission",
    "out_of_order",
    "lost_segment",
)
"""The ends of `tcp.analysis.*` that say what a segment is taken for."""


def marks_of(capture: Path, *options: str) -> dict[int, set[str]]:
    """The marks of every frame, by frame number. Raises PluginError when tshark complains."""
    fields = [part for mark in MARKS for part in ("-e", f"tcp.analysis.{mark}")]
    lines = run_tshark(["-r", str(capture), "-T", "fields", *fields, *options]).splitlines()
    # A mark has no value, so tshark prints something or nothing.
    return {
        number: {mark for mark, shown in zip(MARKS, line.split("\t"), strict=True) if shown}
        for number, line in enumerate(lines, start=1)
    }
