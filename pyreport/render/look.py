"""What the user gives a report of their own: the paper, a title, whose it is, a note, a logo."""

from __future__ import annotations

from base64 import b64encode
from enum import StrEnum

from msgspec import Struct


class Paper(StrEnum):
    """The size of a page."""

    A4 = "a4"
    LETTER = "letter"


class Look(Struct, frozen=True):
    """All of it as it is printed; "" and None for what was not given. ``logo`` is a PNG file."""

    paper: Paper = Paper.A4
    title: str = ""
    case: str = ""
    company: str = ""
    note: str = ""
    logo: bytes | None = None

    @property
    def logo_address(self) -> str:
        """The logo as an address that needs no file; "" without one."""
        return "" if self.logo is None else f"data:image/png;base64,{b64encode(self.logo).decode()}"


PLAIN = Look()
