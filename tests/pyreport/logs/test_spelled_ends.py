"""The ends of a connection, in every spelling."""

from __future__ import annotations

import pytest

from pyreport.logs.spelled_ends import spelled_ends

A, B = "10.0.0.1:40000", "10.0.0.5:9092"


@pytest.mark.parametrize(
    "text",
    [
        f"{A}->{B}", f"{A} -> {B}", f"{A} => {B}", f"{A} → {B}", f"/{A} => /{B}", f"[id: 0x1, /{A} :> /{B}]",
        f"[id: 0x1, L:/{A} - R:/{B}]", f"[L:/{A} ! R:b.example/{B}]", f"local={A} remote={B}",
        f"localAddress=/{A}, remoteAddress=/{B}", f'laddr="{A}" raddr="{B}"', f"local address: {A}, peer: {B}",
        "localAddress: '10.0.0.1', localPort: 40000, remoteAddress: '10.0.0.5', remotePort: 9092",
        "[::ffff:10.0.0.1]:40000->[::ffff:10.0.0.5]:9092", f"app@{A} -> {B}", f"read tcp {A}->{B}:wsarecv: gone",
        "2023-12-12 21:06:16 10.0.0.1 40000 10.0.0.5 9092 - - Timer_ConnectionIdle -",
        "connection 12 for outside:10.0.0.1/40000 to inside:10.0.0.5/9092 duration 0:05:12",
        "RST: 10.0.0.1/40000->10.0.0.5/9092",
        f"error sending request from {A} for https://b.example/x ({B}): client error (SendRequest)",
    ],
)  # fmt: skip
def test_both_ends(text: str) -> None:
    ends = spelled_ends(text, {})
    assert (str(ends.local), str(ends.remote)) == (A, B)


@pytest.mark.parametrize(
    ("text", "remote"),
    [
        ("from remote host 10.0.0.5 port 9092: gone", B), ("to 10.0.0.5, port 9092", B), ("http://10.0.0.5:9092/x", B),
        ("redis://user:secret@10.0.0.5:9092/0", B), ("host=10.0.0.5 port=9092", B), ("(HOST=10.0.0.5)(PORT=9092)", B),
        ("failed: b.example:9092", "b.example:9092"), ("connection to kafka-1:9092 lost", "kafka-1:9092"),
        ("broker: kafka-1:9092", "kafka-1:9092"), ("mx.example[10.0.0.5]:9092", B), ("ipv4:10.0.0.5:9092", B),
        ("peer [2001:DB8::5]:9092", "[2001:db8::5]:9092"), ("2001:db8::5:9092 gone", "[2001:db8::5]:9092"),
        ("at b.example/10.0.0.5:9092", B), ("b.example/<unresolved>:9092 x", "b.example:9092"),
        ('Location where the error was detected: "10.0.0.5".', "10.0.0.5"),
        ("user=<>, rip=10.0.0.5, lip=10.0.0.1", "10.0.0.5"), ("IPADDR=10.0.0.5 PORT=9092", B),
        ("Connection to (10.0.0.5, 9092) failed", B), ("('10.0.0.5', 9092): gone", B),
        ("[client 10.0.0.7:4000] from remote server 10.0.0.5:9092", B), ("host: '10.0.0.5' gone", "10.0.0.5"),
        ("error sending request for url (http://10.0.0.5:9092/): gone", B),
        ('on host "b" (10.0.0.5) and accepting\n\tTCP/IP connections on port 9092?', B),
    ],
)  # fmt: skip
def test_one_end(text: str, remote: str) -> None:
    ends = spelled_ends(text, {})
    assert (str(ends.local), str(ends.remote)) == ("", remote)


@pytest.mark.parametrize(
    "text",
    [
        "", "server.go:3230: x", "at a.b.C(C.java:123)", "net.js:1022:11", "08:26:38 x", "10.0.0.1:4 or 10.0.0.5:9",
        "version 1.2.3.4", "src/loop.c:12", "a->b", "TimeoutError: x", "main.rs:12:10", "10.0.0.5:99999",
        "SYN flooding on port 443", "route 10.0.0.0/24 to 10.0.1.0/24", "io.lettuce.core.CommandHandler:217 x",
        "[NIOServerCxn.Factory:0.0.0.0]", "size 10 0 10 0",
    ],
)  # fmt: skip
def test_no_end(text: str) -> None:
    assert not spelled_ends(text, {})


def test_the_fields_of_a_record() -> None:
    ends = spelled_ends("", {"address": "10.0.0.5", "port": "9092", "local": A})
    assert (str(ends.local), str(ends.remote)) == (A, B)


def test_netty_4_0_names_the_client_first() -> None:
    assert spelled_ends(f"/{A} => /{B}", {}).client_first
    assert not spelled_ends(f"{A} -> {B}", {}).client_first
