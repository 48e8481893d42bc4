"""What a record quotes, which is no word of the program's own: a client's request, its referrer, lists of errors.

Every pattern is RE2's, so a hostile line costs no more than its length.
"""

from __future__ import annotations

import re2

# The request line of an access log, with the referrer and the user agent of the Combined Log Format behind it; and the
# referrer as nginx and Apache httpd name it in their error logs.
_REQUEST = re2.compile(
    r"\"[A-Z]{3,10} [^\"\n]* HTTP/\d(?:\.\d)?\"(?P<rest> \d{3} (?:\d+|-))?(?: \"[^\"\n]*\" \"[^\"\n]*\")?"
    r"|\breferr?er: (?:\"[^\"\n]*\"|[^\s,]+)"
)
# "retryOn=[ECONNRESET, EPIPE]", "catch (SocketTimeoutException | EOFException", "handler for ConnectionResetError".
_NAME = r"[\"']?(?:[\w$]+(?:\.|::))*(?:E[A-Z]{4,}|\w*(?:Exception|Error))[\"']?"
_LIST = re2.compile(rf"[\[({{]\s*{_NAME}(?:\s*[,|]\s*{_NAME})+\s*[\])}}]|\b(?:handler|listener) for {_NAME}")


def without_quoted(text: str) -> str:
    """The text with "-" for each request and each list of names."""
    if "HTTP/" in text or "refer" in text:
        text = _REQUEST.sub(r'"-"\g<rest>', text)
    if "E" in text and ("[" in text or "(" in text or "{" in text or " for " in text):
        text = _LIST.sub("-", text)
    return text
