"""The rows of ``advice.toml``, see the heads of its parts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyreport.diagnosis.result import Kind

DATA = Path(__file__).with_name("advice.toml")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of [[advice]] or [[ask]]. ``when`` holds names of facts and whether each must be true."""

    id: str
    kinds: frozenset[Kind]
    when: Mapping[str, bool]
    text: str
    settings: tuple[str, ...]
    command: str
    source: str

    def fits(self, kind: Kind, facts: Mapping[str, bool]) -> bool:
        """Whether it is for this verdict and these facts."""
        return kind in self.kinds and all(facts[name] is wanted for name, wanted in self.when.items())


@dataclass(frozen=True, slots=True)
class SettingRow:
    """What a program calls one use of a setting."""

    use: str
    text: str
    source: str
    unverified: str


@dataclass(frozen=True, slots=True)
class Software:
    """A row of [[software]]. ``idle`` are ids of known timers."""

    name: str
    formats: tuple[str, ...]
    says: tuple[str, ...]
    service: str
    idle: tuple[str, ...]
    settings: tuple[SettingRow, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The whole file, each part in its order."""

    advice: tuple[Row, ...]
    asks: tuple[Row, ...]
    software: tuple[Software, ...]


@lru_cache(maxsize=1)
def rows() -> Rows:
    """The file's rows."""
    document = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return Rows(
        tuple(map(_row, document["advice"])),
        tuple(map(_row, document["ask"])),
        tuple(map(_software, document["software"])),
    )


def _row(row: dict[str, Any]) -> Row:
    return Row(
        id=row["id"],
        kinds=frozenset(map(Kind, row["kinds"])),
        when={name.removeprefix("not "): not name.startswith("not ") for name in row.get("when", [])},
        text=row["text"],
        settings=tuple(row.get("settings", [])),
        command=row.get("command", ""),
        source=row["source"],
    )


def _software(row: dict[str, Any]) -> Software:
    return Software(
        name=row["name"],
        formats=tuple(row["formats"]),
        says=tuple(row.get("says", [])),
        service=row.get("service", ""),
        idle=tuple(row.get("idle", [])),
        settings=tuple(
            SettingRow(entry["use"], entry["text"], entry["source"], entry.get("unverified", ""))
            for entry in row["setting"]
        ),
    )
