"""The options for the look of a report: what is printed, and what is refused with a reason."""

from __future__ import annotations

import io
from argparse import Namespace
from pathlib import Path

import pytest
from PIL import Image

from pyreport.base.errors import InputError, UsageError
from pyreport.cli.look import LOGO_SIZE, MOST_CHARACTERS, MOST_LOGO_BYTES, look_of
from pyreport.render.look import PLAIN, Paper


def options(**given: object) -> Namespace:
    return Namespace(
        **{"paper": "a4", "title": None, "case": None, "company": None, "note": None, "logo": None} | given
    )


def picture(path: Path, size: tuple[int, int] = (60, 20), **saved: object) -> Path:
    Image.new("RGB", size, (0, 114, 178)).save(path, **saved)  # type: ignore[arg-type]
    return path


def test_nothing_given_is_the_plain_look() -> None:
    assert look_of(options()) == PLAIN


def test_texts_are_taken_as_one_line_in_any_script() -> None:
    look = look_of(options(paper="letter", title="  Broken\n pipe ", company="运维", case="INC-1", note="a\tb"))
    assert (look.paper, look.title, look.company, look.case, look.note) == (
        *(Paper.LETTER, "Broken pipe", "运维", "INC-1", "a b"),
    )


@pytest.mark.parametrize("name", MOST_CHARACTERS)
def test_a_text_that_does_not_fit_is_refused_with_both_numbers(name: str) -> None:
    most = MOST_CHARACTERS[name]
    assert getattr(look_of(options(**{name: "x" * most})), name) == "x" * most
    with pytest.raises(UsageError, match=f"--{name} has 5,000 characters: give at most {most:,}"):
        look_of(options(**{name: "x" * 5_000}))


@pytest.mark.parametrize("character", ["\x07", "\u202e", "\u200f", "\ud800", "\x1b"])
def test_what_cannot_be_printed_is_refused_by_its_number(character: str) -> None:
    with pytest.raises(UsageError, match=rf"--title has a character .*U\+{ord(character):04X}"):
        look_of(options(title=f"a{character}b"))


@pytest.mark.parametrize("ending", ["png", "jpeg", "gif", "webp"])
def test_a_picture_becomes_a_png_no_larger_than_it_is_printed(ending: str, tmp_path: Path) -> None:
    logo = look_of(options(logo=picture(tmp_path / f"logo.{ending}", (3000, 300)))).logo
    assert logo is not None
    with Image.open(io.BytesIO(logo)) as shown:
        assert (shown.format, shown.size) == ("PNG", (LOGO_SIZE[0], 90))


def test_what_else_the_file_holds_stays_out(tmp_path: Path) -> None:
    path = picture(tmp_path / "logo.jpg", comment=b"taken at home")
    assert b"taken at home" in path.read_bytes()
    assert b"taken at home" not in (look_of(options(logo=path)).logo or b"")


def test_the_same_picture_gives_the_same_bytes(tmp_path: Path) -> None:
    path = picture(tmp_path / "logo.png")
    assert look_of(options(logo=path)) == look_of(options(logo=path))


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n" * 9]
)
def test_what_is_no_picture_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"logo\.png is no picture that can be a logo: give a PNG"):
        look_of(options(logo=path))


def test_half_a_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    Image.effect_noise((300, 300), 50).save(path)
    path.write_bytes(path.read_bytes()[:5_000])
    with pytest.raises(InputError, match="is no picture"):
        look_of(options(logo=path))


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(InputError, match=f"50,000,000 bytes.* at most {MOST_LOGO_BYTES:,}"):
        look_of(options(logo=path))


def test_a_small_file_of_many_pixels_is_refused(tmp_path: Path) -> None:
    path = picture(tmp_path / "logo.png", (20_000, 2_000))
    assert path.stat().st_size < MOST_LOGO_BYTES
    with pytest.raises(InputError, match="20000 x 2000 pixels"):
        look_of(options(logo=path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.png cannot be read as a logo \(No such file"):
        look_of(options(logo=tmp_path / "absent.png"))
