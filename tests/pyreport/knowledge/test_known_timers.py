"""The table of known timers is complete and can be relied on."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest

from pyreport.base.units import NS_PER_S
from pyreport.knowledge import known_timers as module
from pyreport.knowledge.known_timers import DATA, Ends, KnownTimer, Measured, Part, Refreshed, Side, known_timers
from pyreport.knowledge.services import SERVICES

ROWS = {timer.id: timer for timer in known_timers()}


def test_every_row_is_read_and_has_its_own_name() -> None:
    rows = tomllib.loads(DATA.read_text(encoding="utf-8"))["timer"]
    assert len(rows) == len(ROWS) == len({row["who"] for row in rows})


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('side = "servr"', r"Invalid enum value 'servr' - at `\$\.timer\[0\]\.side`"),
        ('side = "server"\nlimit = 5', r"unknown field `limit` - at `\$\.timer\[0\]`"),
        ('side = "server"\nlimit_ms = "5"', r"Expected `int \| null`, got `str` - at `\$\.timer\[0\]\.limit_ms`"),
        ("", r"missing required field `side` - at `\$\.timer\[0\]`"),
    ],
)
def test_a_wrong_row_is_named(written: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = '[[timer]]\nid = "x"\nwho = "x"\nsetting = "x"\nends = ["fin"]\nrefreshed = "no"\nmeasured = "data"\n'
    file = tmp_path / "timers.toml"
    file.write_text(f'{row}source = "x"\n{written}\n')
    monkeypatch.setattr(module, "DATA", file)
    with pytest.raises(msgspec.ValidationError, match=said):
        known_timers.__wrapped__()


@pytest.mark.parametrize("timer", ROWS.values(), ids=ROWS)
def test_a_row_is_whole(timer: KnownTimer) -> None:
    assert timer.who
    assert timer.setting
    assert timer.source
    assert timer.ends
    assert timer.limit_ns is not None or timer.least_ns is not None
    assert timer.limit_ns is None or timer.least_ns is None or timer.can_be(timer.limit_ns)
    assert not timer.service or timer.service in SERVICES.values()
    # What keep-alives refresh counts packets; what they do not refresh counts data.
    if timer.refreshed is not Refreshed.UNKNOWN:
        assert (timer.refreshed is Refreshed.YES) is (timer.measured is Measured.PACKETS)
    if timer.source == "none looked up":
        assert timer.unverified == (Part.ROW,)


@pytest.mark.parametrize(
    ("name", "seconds", "side", "ends", "refreshed"),
    [
        ("kafka_broker", 600, Side.SERVER, (Ends.FIN,), Refreshed.NO),
        ("kafka_java_client", 540, Side.CLIENT, (Ends.FIN,), Refreshed.NO),
        ("aws_nlb", 350, Side.PATH, (Ends.SILENT, Ends.RST_NEXT), Refreshed.YES),
        ("azure_lb", 240, Side.PATH, (Ends.SILENT, Ends.RST), Refreshed.YES),
        ("ucloud_clb", 60, Side.PATH, (Ends.FIN, Ends.RST), Refreshed.UNKNOWN),
        ("conntrack", 432_000, Side.PATH, (Ends.SILENT,), Refreshed.YES),
        ("f5_fastl4", 300, Side.PATH, (Ends.RST,), Refreshed.YES),
        ("mysql", 28_800, Side.SERVER, (Ends.FIN,), Refreshed.NO),
    ],
)
def test_some_rows(name: str, seconds: int, side: Side, ends: tuple[Ends, ...], refreshed: Refreshed) -> None:
    timer = ROWS[name]
    assert (timer.limit_ns, timer.side, timer.ends, timer.refreshed) == (seconds * NS_PER_S, side, ends, refreshed)


def test_what_a_timer_can_be_set_to() -> None:
    assert ROWS["aws_nlb"].can_be(60 * NS_PER_S)
    assert not ROWS["aws_nlb"].can_be(59 * NS_PER_S)
    assert not ROWS["aws_nlb"].can_be(6_001 * NS_PER_S)
    assert ROWS["kafka_broker"].can_be(10**6 * NS_PER_S)
    assert not ROWS["aws_nat_gateway"].can_be(350 * NS_PER_S)
