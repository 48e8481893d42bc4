"""Stand-ins are the same for the same, and the key file maps them back."""

from __future__ import annotations

import json
import stat
from ipaddress import ip_address
from pathlib import Path

import pytest

from pyreport.base.errors import InputError
from pyreport.redaction.stand_ins import PORT_RANGES, StandIns, load_stand_ins, new_stand_ins, save_stand_ins

KEY = bytes(range(32))


def test_hardware_addresses_keep_their_kind_only() -> None:
    stand_ins = StandIns(KEY)
    macs = [bytes.fromhex(text) for text in ("525400e20b0f", "00000c07ac0b", "01005e0000fb", "333300000001")]
    new = [stand_ins.mac(mac) for mac in macs]
    assert [mac[0] & 3 for mac in new] == [mac[0] & 3 for mac in macs]
    assert new[2][:3] == macs[2][:3]
    assert new[3][:2] == macs[3][:2]
    assert len({*macs, *new}) == 8
    assert [stand_ins.mac(mac) for mac in macs] == new
    for kept in (b"\xff" * 6, bytes(6), bytes.fromhex("0180c2000000")):
        assert stand_ins.mac(kept) == kept


def test_ports_stay_unless_they_are_asked_for() -> None:
    assert [StandIns(KEY).port(port) for port in (0, 80, 9092)] == [0, 80, 9092]
    stand_ins = StandIns(KEY, with_ports=True)
    for ports in PORT_RANGES:
        new = [stand_ins.port(port) for port in ports]
        assert sorted(new) == list(ports)
        assert [port for port, other in zip(ports, new, strict=True) if port == other] == [
            port for port in (4789, 6081) if port in ports
        ]


def test_a_name_is_that_of_a_host_however_it_is_written() -> None:
    stand_ins = StandIns(KEY)
    assert stand_ins.name("Broker-3.corp") == stand_ins.name("broker-3.CORP") != stand_ins.name("broker-4.corp")
    assert (
        stand_ins.address_text(ip_address("::ffff:10.0.0.1"))
        == f"::ffff:{stand_ins.address_text(ip_address('10.0.0.1'))}"
    )


def test_the_key_file(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    stand_ins = new_stand_ins(with_ports=True)
    new = (stand_ins.address(b"\x0a\0\0\x01"), stand_ins.mac(b"RT\0\xe2\x0b\x0f"), stand_ins.port(9092))
    name = stand_ins.name("billing")
    save_stand_ins(stand_ins, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
    document = json.loads(path.read_text())
    assert document["addresses"] == {"10.0.0.1": str(ip_address(new[0]))}
    assert document["names"] == {"billing": name}
    again = load_stand_ins(path, with_ports=True)
    assert (again.key, again.addresses, again.macs) == (stand_ins.key, stand_ins.addresses, stand_ins.macs)
    assert again.port(9092) == new[2]
    path.chmod(0o644)
    save_stand_ins(again, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text", ["", "{}", "[" * 9999, '{"format":1,"key":"00","addresses":{},"macs":{},"ports":{},"names":{}}', "\xff"]
)
def test_what_is_no_key_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(InputError, match="no key file"):
        load_stand_ins(path, with_ports=False)


def test_two_new_keys_are_two() -> None:
    assert new_stand_ins(with_ports=False).key != new_stand_ins(with_ports=False).key
