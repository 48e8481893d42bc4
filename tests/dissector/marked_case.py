"""A conversation that Wireshark's own analysis and the plugin see differently, or that both must see alike."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """A trace (see trace.py) with the plugin's findings behind the colon and Wireshark's marks behind the bar.

    `why` says what Wireshark takes the frames for, where that is wrong, and what shows that the plugin is right.
    A bar with nothing behind it: Wireshark marks nothing. Frames without a bar: its marks do not matter, or depend on
    its version. `options` go to tshark; `client_isn` is the client's initial sequence number.
    """

    why: str
    trace: str
    options: tuple[str, ...] = ()
    client_isn: int = 1000
