"""What the plugin's core finds in the capture of a conversation, in one pass and in two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from lupa import lua52, lua54

from tests.property.path import Captured
from tests.support.core import Core, Record, Row, Settings, new_lua

# The text of each token: finding, datum, token, text, finding, datum, token, text ...
TOKENS = """
local catalogue, list = require "keepalive_catalogue", {}
for _, finding in ipairs(catalogue.findings) do
    for _, datum in ipairs(finding.data) do
        for _, token in ipairs(datum.values or {}) do
            local text = catalogue.text_of(token)
            for _, part in ipairs { finding.id, datum.name, token, text } do list[#list + 1] = part end
        end
    end
end
return list
"""


class Finding(NamedTuple):
    """A finding on a frame; `data` by name, sorted."""

    frame: int
    id: str
    level: str
    data: tuple[tuple[str, int | str], ...]

    def datum(self, name: str) -> Any:
        """A datum by its name, None when it is not there."""
        return dict(self.data).get(name)


@dataclass(frozen=True, slots=True)
class Findings:
    """What one pass shows (each frame as known when it came by) and what two passes show."""

    in_one_pass: list[Finding]
    in_two_passes: list[Finding]

    def of(self, identifier: str) -> list[Finding]:
        """The findings of a kind, as two passes show them."""
        return [finding for finding in self.in_two_passes if finding.id == identifier]


def rows_of(capture: Iterable[Captured], stream: int = 0) -> list[Row]:
    """The segments of a capture."""
    return [
        Row(time, s.sender, s.sender.peer, s.seq, s.ack, s.length, s.flags, s.window, stream) for time, s in capture
    ]


@cache
def texts_of_tokens() -> dict[tuple[str, str, str], str]:
    """What a reader sees for a token, by finding, datum and token."""
    parts = iter(new_lua(lua54).execute(TOKENS).values())
    return {(finding, name, token): text for finding, name, token, text in zip(parts, parts, parts, parts, strict=True)}


def _findings(frame: int, records: Iterable[Record]) -> Iterator[Finding]:
    for record in records:
        yield Finding(frame, record.id, record.level, tuple(sorted(record.data.items())))


def run(
    rows: Iterable[Row],
    end_ns: int,
    settings: Settings | None = None,
    runtime: Any = lua54,
    *,
    is_all: bool = False,
) -> Findings:
    """What the tracker finds. `end_ns` is the time of the capture's last frame; `is_all`: the rows are all that it
    has, so that it rests between them. A Lua error raises.
    """
    core = Core(settings, runtime)
    one_pass: list[Finding] = []
    last = 0
    for last, row in enumerate(rows, start=1):
        if is_all:
            core.pass_frame(last, row.time_ns)
        one_pass += _findings(last, core.observe(last, row))
    core.finish(end_ns)
    two_passes = [finding for frame in range(1, last + 1) for finding in _findings(frame, core.records(frame))]
    return Findings(one_pass, two_passes)


LUA_5_2, LUA_5_4 = lua52, lua54
