"""The languages that there are words in: the folders beside this file. Nothing else names them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pyreport.base.errors import UsageError

FOLDER = Path(__file__).parent
#: The languages that there is a folder of messages for, by the names of their folders ("en", "zh").
LANGUAGES = tuple(sorted(path.name for path in FOLDER.iterdir() if any(path.glob("*.ftl"))))
FALLBACK = "en"
#: The variables that name the locale of messages; the first that is set decides (POSIX.1-2024, XBD 8.2).
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def chosen_language(name: str | None, environment: Mapping[str, str]) -> str:
    """The language that was asked for, else that of the locale. Raises UsageError when there are no words in it."""
    if name is None:
        return language_of(environment)
    if name not in LANGUAGES:
        raise UsageError(f"There are no words in the language '{name}': give --lang {' or --lang '.join(LANGUAGES)}.")
    return name


def language_of(environment: Mapping[str, str]) -> str:
    """The language of the locale that the environment names; English where there are no words in it."""
    locale = next(filter(None, (environment.get(name) for name in VARIABLES)), "")
    language = re.split(r"[_.@-]", locale)[0].lower()
    return language if language in LANGUAGES else FALLBACK
