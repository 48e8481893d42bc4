"""A row of the bulk pass with real types: from tshark's text, or from the reader's JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder

from pyreport.base.errors import ToolError
from pyreport.base.units import parse_seconds
from pyreport.capture.tshark import AGGREGATOR
from pyreport.frames.columns import Columns


class Row(Struct, array_like=True):
    """The values of a frame's fields, in the order of Columns; None where the frame has none.

    ``time`` is in nanoseconds since the epoch, None for a frame without a time. A frame with several IP headers has the
    values of the innermost one, one with several TCP headers those of the outermost one, which is on its way; then
    ``is_nested`` is true.
    """

    number: int
    time: int | None
    stream: int | None
    source_4: str | None
    destination_4: str | None
    source_6: str | None
    destination_6: str | None
    source_port: int | None
    destination_port: int | None
    seq: int | None
    ack: int | None
    payload_length: int | None
    flags: int | None
    ttl: int | None
    hop_limit: int | None
    icmp_type: int | None
    icmp_6_type: int | None
    records: list[str] | None
    summaries: list[str] | None
    frame_length: int | None
    captured_length: int | None
    ip_id: int | None
    header_length: int | None
    checksum: int | None
    mss: int | None
    packet_type: int | None
    window: int | None
    timestamp: int | None
    timestamp_echo: int | None
    arp_operation: int | None
    arp_sender: str | None
    arp_target: str | None
    solicited: str | None
    advertised: str | None
    is_nested: bool = False


_DECODER = Decoder(Row)


def rows_of_json(lines: bytes) -> list[Row]:
    """The rows of whole lines, each an array. Raises ToolError on anything else."""
    try:
        return _DECODER.decode_lines(lines)
    except MsgspecError as error:
        raise ToolError(f"The fast reader printed a row that is none ({error}): use --engine tshark.") from error


def row_of_text(texts: list[str]) -> Row:
    """The row of tshark's text (see Tshark.read_rows). Raises ToolError when a value has not its type."""
    row = Row(*values_of(Columns._fields, texts))
    columns = Columns._make(texts)
    row.is_nested = AGGREGATOR in f"{columns.source_4}{columns.source_6}{columns.source_port}"
    return row


def values_of(names: Sequence[str], texts: Sequence[str]) -> list[Any]:
    """The values of some columns (their names in Columns) of tshark's text, each as in a Row. Raises ToolError when one
    has not its type.
    """
    try:
        return [_READERS[name](text) if text else None for name, text in zip(names, texts, strict=True)]
    except (TypeError, ValueError) as error:
        raise not_understood(error, texts[0]) from error


def not_understood(error: Exception, frame: object) -> ToolError:
    """That tshark printed of a frame what it should not print."""
    return ToolError(
        f"tshark printed a frame that cannot be understood ({error} in frame {frame}): use tshark 4.0 to 4.6."
    )


def _outermost(text: str) -> str:
    return text.partition(AGGREGATOR)[0]


def _innermost(text: str) -> str:
    return text.rpartition(AGGREGATOR)[2]


def _outermost_number(text: str) -> int | None:
    """The first of a field's values, which may be empty."""
    return int(text) if text.isdecimal() else _number(_outermost(text))


def _innermost_number(text: str) -> int | None:
    return int(text) if text.isdecimal() else _number(_innermost(text))


def _hexadecimal(text: str) -> int | None:
    first = _outermost(text)
    return int(first, 16) if first else None


def _number(text: str) -> int | None:
    return int(text) if text else None


def _list(text: str) -> list[str]:
    return text.split(AGGREGATOR)


_OTHERS: dict[str, Callable[[str], Any]] = {
    "time": parse_seconds,
    "records": _list,
    "summaries": _list,
    "ttl": _innermost_number,
    "hop_limit": _innermost_number,
    "source_4": _innermost,
    "destination_4": _innermost,
    "source_6": _innermost,
    "destination_6": _innermost,
    "arp_sender": _outermost,
    "arp_target": _outermost,
    "solicited": _outermost,
    "advertised": _outermost,
    "flags": _hexadecimal,
    "ip_id": _hexadecimal,
    "checksum": _hexadecimal,
}
# One for each column.
_READERS: dict[str, Callable[[str], Any]] = {name: _OTHERS.get(name, _outermost_number) for name in Columns._fields}
