"""Findings for tests that tell a story without the plugin."""

from __future__ import annotations

from typing import Any, get_type_hints

from msgspec import convert, structs

from pyreport.base.endpoint import Endpoint
from pyreport.frames.finding import Finding, Level
from pyreport.frames.frame import FINDINGS


def finding(
    identifier: str, level: Level, frame: int, time_ns: int, source: str, /, summary: str = "", **data: Any
) -> Any:
    """A finding of the plugin. What the story does not say of it, and the plugin always gives, is its own frame, the
    sender's end, the first word of a vocabulary, or 0: no test should rest on those.
    """
    kind = FINDINGS[identifier]
    common: dict[str, Any] = {"frame": frame, "time_ns": time_ns, "source": source, "level": level, "summary": summary}
    own = [field for field in structs.fields(kind) if field.name not in Finding.__struct_fields__]
    unknown = set(data) - {field.name for field in own}
    assert not unknown, f"{identifier} has no {unknown}"
    for field in own:
        if field.required and field.name not in data:
            data[field.name] = _neutral(kind, field.name, frame, time_ns, source)
    return convert(common | data, kind, strict=False, dec_hook=lambda wanted, value: wanted(value))


def _neutral(kind: type[Finding], name: str, frame: int, time_ns: int, source: str) -> object:
    hint = get_type_hints(kind)[name]
    if hint is int:
        return frame if name.endswith("_frame") else time_ns if name.endswith("_at_ns") else 0
    return source if hint is Endpoint else next(iter(hint))
