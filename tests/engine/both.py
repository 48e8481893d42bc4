"""A capture read by the fast reader and by "tshark -2" with the plugin."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from pyreport.base.claim import Claim
from pyreport.capture import luajit
from pyreport.capture.engine import Engine, read_all
from pyreport.capture.file import open_capture
from pyreport.capture.tshark import Tshark
from pyreport.connections.reading import PARSERS
from pyreport.frames.columns import FIELDS
from pyreport.frames.row import Row
from tests.support.leftovers import ending_its_readers

# What is read of a frame that quotes a packet; tshark has all fields of the quoted one beside.
OF_THE_ERROR = ("number", "time", "records", "summaries", "icmp_type", "icmp_6_type", "frame_length", "captured_length")
ERRORS, ERRORS_6 = (3, 4, 5, 11, 12), (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Told:
    """All rows, which program gave them, and what it warned of."""

    rows: list[Row]
    read_by: Claim
    warnings: list[Claim]


def told(tshark: Tshark, capture: Path, engine: Engine = Engine.AUTO) -> Told:
    """What one program tells of a capture."""
    tshark.warnings.clear()
    with ending_its_readers(tshark) as opened:
        read = read_all(opened, open_capture(str(capture)), FIELDS, PARSERS, engine)
        return Told(list(read.rows), read.read_by, list(tshark.warnings))


def reason(tshark: Tshark, capture: Path) -> str:
    """Why the reader leaves a capture to tshark; "" when it does not. Reads no row."""
    with ending_its_readers(tshark) as opened:
        read = read_all(opened, open_capture(str(capture)), FIELDS, PARSERS)
        return str(read.read_by.values.get("reason", ""))


def as_used(row: Row) -> object:
    """The row, or what is used of it: nobody reads what an ICMP error quotes, which is not on its way anywhere."""
    if row.icmp_type in ERRORS or row.icmp_6_type in ERRORS_6:
        return [getattr(row, name) for name in OF_THE_ERROR]
    return row


def assert_same(tshark: Tshark, capture: Path, name: object = "") -> None:
    """Every row of the reader is that of tshark, in each column that is used; so is the warning of a cut. LuaJIT tells
    the same whether it compiles the reader or interprets it.
    """
    with patch.object(luajit, "WORTH_COMPILING", 0):
        fast = told(tshark, capture, Engine.FAST)
    with patch.object(luajit, "WORTH_COMPILING", capture.stat().st_size + 1):
        interpreted = told(tshark, capture, Engine.FAST)
    assert fast == interpreted, name
    slow = told(tshark, capture, Engine.TSHARK)
    pairs = zip(map(as_used, fast.rows), map(as_used, slow.rows), strict=False)
    differences = [pair for pair in pairs if pair[0] != pair[1]]
    assert not differences, (name, len(differences), differences[0])
    assert len(fast.rows) == len(slow.rows), name
    assert fast.warnings == slow.warnings, name
