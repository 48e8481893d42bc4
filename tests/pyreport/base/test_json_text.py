"""JSON of names that are no UTF-8, and of all others as always."""

from __future__ import annotations

import os

import msgspec
import pytest

from pyreport.base.endpoint import Endpoint
from pyreport.base.json_text import encoded


class Named(msgspec.Struct):
    name: str
    ends: tuple[Endpoint, ...] = ()


@pytest.mark.parametrize("value", [Named("é", (Endpoint("10.0.0.1:1"),)), {"a": [1, None, "x"]}, "\\udcff"])
def test_what_is_text_is_as_msgspec_writes_it(value: object) -> None:
    assert encoded(value) == msgspec.json.encode(value, enc_hook=str)


def test_octets_that_are_no_text_are_shown() -> None:
    name = os.fsdecode(b"a\xff.pcap")
    value = {name: [Named(name, (Endpoint("10.0.0.1:1"),)), (name, 7)]}
    shown = r"a\udcff.pcap"
    assert msgspec.json.decode(encoded(value)) == {shown: [{"name": shown, "ends": ["10.0.0.1:1"]}, [shown, 7]]}
