"""The only place with sentences: one whole message for each claim, in Project Fluent files, one a language."""

from __future__ import annotations

from pyreport.words.say import LANGUAGES, Words

__all__ = ["LANGUAGES", "Words"]
