"""What the user writes of their own: addresses and names go, the sentence stays."""

from __future__ import annotations

import pytest

from pyreport.redaction.own_words import redacted_own
from pyreport.redaction.stand_ins import StandIns

KEY = bytes(range(32))


def own(text: str, *, is_reference: bool = False, private: tuple[str, ...] = (), known: tuple[str, ...] = ()) -> str:
    stand_ins = StandIns(KEY)
    for name in known:
        stand_ins.name(name)
    return redacted_own(text, stand_ins, frozenset(private), is_reference=is_reference)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Why did 10.0.0.1:9092 close on 2001:db8::5?", ["10.0.0.1", "2001:db8::5"]),
        ("aa:bb:cc:dd:ee:ff and aa-bb-cc-dd-ee-ff", ["aa:bb", "aa-bb"]),
        ("The broker kafka03, that is x.com, of bob@mail.example", ["kafka03", "x.com", "bob", "mail"]),
        (r"See /var/log/app.log, C:\\secret and user_push", ["var", "app.log", "secret", "user_push"]),
        ("代理10.0.0.1断开", ["10.0.0.1"]),
    ],
)
def test_what_goes_by_its_form(text: str, gone: list[str]) -> None:
    new = own(text)
    assert [word for word in gone if word in new] == []


@pytest.mark.parametrize(
    "text",
    [
        "Broken pipe of the push service: who closed?",
        "Incident of 2022-09-30, 00:08, after 60s (e.g. TCP/IP keep-alive), version 4.0.17",
        "推送服务断开的原因",
        "",
    ],
)
def test_what_stays(text: str) -> None:
    assert own(text) == text


def test_what_is_replaced_elsewhere_is_replaced_by_the_same_whatever_its_form() -> None:
    stand_in = StandIns(KEY).name("billing")
    assert own("The Billing broker, billing-team", known=("billing",)) == f"The {stand_in} broker, {stand_in}-team"
    assert own("The Billing broker, billing-team") == "The Billing broker, billing-team"
    assert "推送" not in own("推送服务断开", known=("推送",))
    assert own("of my-incident.pcap", private=("my-incident.pcap", "my-incident")).startswith("of name-")


def test_a_reference_keeps_letters_with_digits_and_no_address() -> None:
    assert own("INC-4711", is_reference=True) == "INC-4711"
    assert own("INC-4711") != "INC-4711"
    assert "10.0.0.1" not in own("INC-4711 10.0.0.1", is_reference=True)
    assert "corp.example" not in own("INC-4711 a.corp.example", is_reference=True)
