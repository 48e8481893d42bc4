"""A change of one place of a source file, and those that are known to change nothing."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

LARGE = 1000
EQUIVALENT = Path(__file__).with_name("equivalent.toml")


class Mutant(NamedTuple):
    """``source[start:end]`` (characters) is replaced by ``after``."""

    start: int
    end: int
    after: str

    def applied(self, source: str) -> str:
        """The source with the change."""
        return source[: self.start] + self.after + source[self.end :]

    def line(self, source: str) -> int:
        """The number of its line, from 1."""
        return source.count("\n", 0, self.start) + 1

    def told(self, source: str) -> str:
        """The line as it is and as it becomes."""
        number = self.line(source) - 1
        before, after = source.splitlines()[number], self.applied(source).splitlines()[number]
        return f"{before.strip()}  ->  {after.strip()}"


def another(number: int) -> int:
    """One more; a large number, such as a time in ns, twice as much: no rule rests on its last digit."""
    return number + 1 if number < LARGE else 2 * number


def equivalents(path: Path = EQUIVALENT) -> dict[tuple[str, str], str]:
    """The mutants that no test can tell from the original, by file and told(), with the reason."""
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("equivalent", [])
    return {(row["file"], row["change"]): row["reason"] for row in rows}
