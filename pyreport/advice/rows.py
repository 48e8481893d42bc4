"""The rows of ``advice.toml``, see the heads of its parts."""

from __future__ import annotations

from collections.abc import Mapping, Set
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from pyreport.advice.facts import Detail, Fact
from pyreport.base.claim import Claim, Value
from pyreport.diagnosis.result import Kind

DATA = Path(__file__).with_name("advice.toml")


class Use(StrEnum):
    """What a setting is for."""

    IDLE = "idle"
    RETRY = "retry"
    READ = "read"
    KEEPALIVE = "keepalive"
    SERVER = "server"  # the idle limits of the server's software, which known_timers.toml has


class Row(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a row of [[advice]] and one of [[ask]] have in common."""

    id: str
    kinds: frozenset[Kind]
    when: frozenset[Fact] = frozenset()
    unless: frozenset[Fact] = frozenset()
    values: tuple[Detail, ...] = ()
    source: str

    def fits(self, kind: Kind, facts: Set[Fact], details: Mapping[Detail, Value]) -> bool:
        """Whether it is for this verdict and these facts, and the case has all that it speaks of."""
        about = self.when <= facts and not self.unless & facts
        return kind in self.kinds and about and details.keys() >= set(self.values)

    def said(self, family: str, details: Mapping[Detail, Value]) -> Claim:
        """What it says of a case."""
        return Claim(f"{family}-{self.id}", values={name.value: details[name] for name in self.values})


class AdviceRow(Row, frozen=True, kw_only=True):
    """A row of [[advice]]."""

    settings: tuple[Use, ...] = ()


class AskRow(Row, frozen=True, kw_only=True):
    """A row of [[ask]]."""

    command: str = ""


class SettingRow(Struct, frozen=True, forbid_unknown_fields=True):
    """What a program calls one use of a setting."""

    id: str
    use: Use
    source: str
    unverified: bool = False


class Software(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of [[software]]."""

    name: str
    formats: tuple[str, ...]
    setting: tuple[SettingRow, ...]
    says: tuple[str, ...] = ()
    service: str = ""
    idle: tuple[str, ...] = ()


class Rows(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file, each part in its order."""

    advice: tuple[AdviceRow, ...]
    ask: tuple[AskRow, ...]
    software: tuple[Software, ...]


@lru_cache(maxsize=1)
def rows() -> Rows:
    """The file's rows. Raises msgspec.ValidationError, which names row and key of what is wrong."""
    return msgspec.toml.decode(DATA.read_bytes(), type=Rows)
