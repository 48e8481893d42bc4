"""The only place with sentences: one whole message for each claim, in Project Fluent files, one a language."""

from __future__ import annotations

from pyreport.words.languages import LANGUAGES, language_of
from pyreport.words.say import Words

__all__ = ["LANGUAGES", "Words", "language_of"]
