"""The language of what a report quotes, where that is another than the report's own (HTML lang, PDF /Lang)."""

from __future__ import annotations

import re

from markupsafe import Markup

from pyreport.words import Words

#: What Wireshark and the kernels' tools write, and most logs.
ENGLISH, CHINESE, UNKNOWN = "en", "zh-CN", ""
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_OTHER_SCRIPTS_WITH_HAN = re.compile("[\u3040-\u30ff\u1100-\u11ff\uac00-\ud7af]")  # Japanese, Korean


def language_of(text: str) -> str:
    """The language of a text as far as its letters tell; "" where they do not."""
    letters = "".join(filter(str.isalpha, text))
    if letters.isascii():
        return ENGLISH
    is_chinese = _HAN.search(letters) is not None and not _OTHER_SCRIPTS_WITH_HAN.search(letters)
    return CHINESE if is_chinese else UNKNOWN


def lang_attribute(language: str, words: Words) -> Markup:
    """The attribute that says so in HTML; nothing where it is the report's own language."""
    own = words.label("language-tag")
    return Markup("") if language == own else Markup(' lang="{}"').format(language)
