"""The options for the look of a report, checked before the work starts."""

from __future__ import annotations

import io
import unicodedata
import warnings
from argparse import Namespace
from pathlib import Path

from pyreport.base.errors import InputError, UsageError
from pyreport.render.look import Look, Paper

#: What fits where it is printed: a heading of two lines, a line of the head of the first page, a paragraph.
MOST_CHARACTERS = {"title": 150, "case": 80, "company": 80, "note": 1_000}
MOST_LOGO_BYTES = 5_000_000
#: A picture of few bytes can be a wall of many pixels.
MOST_LOGO_PIXELS = 16_000_000
#: It is printed a few centimetres wide.
LOGO_SIZE = (900, 450)
LOGO_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def look_of(options: Namespace) -> Look:
    """The look that the options ask for. Raises UsageError on a text that cannot be printed as it is, InputError on a
    logo that is no picture.
    """
    texts = {name: _text(name, getattr(options, name) or "") for name in MOST_CHARACTERS}
    return Look(Paper(options.paper), **texts, logo=_logo(options.logo) if options.logo is not None else None)


def _text(name: str, given: str) -> str:
    text = " ".join(given.split())
    if len(text) > MOST_CHARACTERS[name]:
        raise UsageError(
            f"--{name} has {len(text):,} characters: give at most {MOST_CHARACTERS[name]:,}, which is what fits."
        )
    # Cc are control characters, Cf among others marks that turn the direction of what follows, Cs is no text at all.
    unprintable = next((c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn")), None)
    if unprintable is not None:
        raise UsageError(f"--{name} has a character that cannot be printed (U+{ord(unprintable):04X}): leave it out.")
    return text


def _logo(path: Path) -> bytes:
    """The picture as PNG, no larger than it is printed: what else the file holds (places, comments) stays out."""
    from PIL import Image, ImageFile, UnidentifiedImageError

    # WeasyPrint has Pillow take half a picture for a whole one.
    taken, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        size = path.stat().st_size
        if size > MOST_LOGO_BYTES:
            raise InputError(
                f"{path} is too large for a logo ({size:,} bytes): give a picture of at most {MOST_LOGO_BYTES:,} bytes."
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(path.read_bytes()), formats=LOGO_FORMATS) as picture:
                width, height = picture.size
                if width * height > MOST_LOGO_PIXELS:
                    raise InputError(f"{path} has {width} x {height} pixels, too many for a logo: make it smaller.")
                shown = picture.convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError):
        raise _no_picture(path) from None
    except OSError as error:
        if error.strerror is None:  # Pillow's word for a file that ends too early
            raise _no_picture(path) from None
        raise InputError(f"{path} cannot be read as a logo ({error.strerror}): check the name.") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = taken
    shown.thumbnail(LOGO_SIZE)
    written = io.BytesIO()
    shown.save(written, "PNG")
    return written.getvalue()


def _no_picture(path: Path) -> InputError:
    return InputError(f"{path} is no picture that can be a logo: give a PNG, JPEG, GIF or WebP file.")
