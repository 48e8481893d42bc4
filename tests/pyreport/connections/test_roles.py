"""Who is who, also where a frame names other addresses than the ends."""

from __future__ import annotations

from pyreport.base.claim import Party
from pyreport.base.endpoint import Endpoint
from pyreport.connections.roles import Roles

CLIENT, SERVER = Endpoint.of("192.0.2.1", 40001), Endpoint.of("198.51.100.2", 9092)
ROLES = Roles(CLIENT, SERVER, {CLIENT: Party.CLIENT, SERVER: Party.SERVER})


def test_each_end_has_its_name() -> None:
    assert [ROLES.party(end) for end in (CLIENT, SERVER)] == [Party.CLIENT, Party.SERVER]


def test_of_other_addresses_the_port_tells() -> None:
    """As where the outer addresses of a tunnel change."""
    assert ROLES.party("203.0.113.1:9092") is Party.SERVER
    assert ROLES.party("[2001:db8::1]:40001") is Party.CLIENT
