"""Run tshark with the plugin of this checkout and return its findings as typed records."""

from __future__ import annotations

import functools
import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

REPOSITORY = Path(__file__).resolve().parents[2]
PLUGIN = REPOSITORY / "lua" / "keepalive.lua"

# tshark says this to root and goes on.
HARMLESS_STDERR = ('Running as user "root" and group "root". This could be dangerous.',)

NS_PER_S = 1_000_000_000

Datum = int | str


@dataclass(frozen=True, slots=True)
class FindingOnFrame:
    """One finding of the plugin on one frame.

    `time_ns` is the frame's time in nanoseconds since the epoch, `source` the "addr:port" that sent the frame
    ("[addr]:port" for IPv6); a frame without TCP has "" and the stream -1. `level` is one of "Chat", "Note", "Warn",
    "Error". `data` maps the catalogue's datum names to values: durations and moments are integer nanoseconds (moments
    since the epoch), frames and counts are integers, texts are strings.
    """

    frame: int
    time_ns: int
    stream: int
    source: str
    id: str
    level: str
    data: dict[str, Datum]


class PluginError(AssertionError):
    """tshark or the plugin did not do its work; the message holds what they said."""


def tshark_command() -> list[str]:
    """The command that starts tshark: what the environment variable TSHARK holds in shell words, else `tshark`."""
    return shlex.split(os.environ.get("TSHARK", "tshark"))


def run_tshark(arguments: Sequence[str]) -> str:
    """Standard output of tshark with the plugin loaded.

    Runs in UTC and the C locale. Settings are read from the checkout, never from the user's folder, so `-C Keepalive`
    finds the profile in `profiles/`. Raises PluginError on a non-zero exit status and on any unexpected line on stderr,
    since a Lua load error leaves the exit status at 0.
    """
    command = [*tshark_command(), *arguments, "-X", f"lua_script:{PLUGIN}"]
    environment = os.environ | {"TZ": "UTC", "LC_ALL": "C", "WIRESHARK_CONFIG_DIR": str(REPOSITORY)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    complaints = [line for line in done.stderr.splitlines() if line and line not in HARMLESS_STDERR]
    if done.returncode or complaints:
        raise PluginError(f"{' '.join(command)}\nexit status {done.returncode}\n" + "\n".join(complaints))
    return done.stdout


@functools.cache
def plugin_fields() -> dict[str, str]:
    """Type of every field that the plugin registers, by filter name, e.g. {"keepalive.fin.by": "FT_STRING"}.

    Raises PluginError when tshark did not load the plugin: an empty answer must not look like "nothing found".
    """
    fields: dict[str, str] = {}
    for line in run_tshark(["-G", "fields"]).splitlines():
        columns = line.split("\t")
        if columns[0] == "F" and columns[2].startswith("keepalive."):
            fields[columns[2]] = columns[3]
    if "keepalive.finding" not in fields:
        raise PluginError(f"tshark did not load {PLUGIN}; tshark 4.4 and later do not load Lua scripts for root")
    return fields


def run_findings(capture: Path | str, two_pass: bool = True, extra_args: Sequence[str] = ()) -> list[FindingOnFrame]:
    """All findings of the plugin in a capture, in frame order and, on one frame, in the plugin's order (worst first).

    `extra_args` go to tshark, e.g. ("-o", "keepalive.idle:5000"). Raises PluginError on any unexpected line on stderr
    and when the plugin failed on a frame of any pass (`keepalive.failed`, `_ws.lua.error`).
    """
    types = plugin_fields()
    arguments = ["-r", str(capture), "-Y", "keepalive.finding or keepalive.failed or _ws.lua.error"]
    arguments += ["-T", "pdml", "-J", "ip ipv6 tcp keepalive", *extra_args]
    pdml = run_tshark(["-2", *arguments] if two_pass else arguments)
    findings: list[FindingOnFrame] = []
    for packet in ElementTree.fromstring(pdml).iter("packet"):
        findings.extend(_findings_of(packet, types))
    return findings


def failing_from(folder: Path, frame: int) -> Path:
    """A new folder with the plugin of this checkout, whose detection fails from this frame on."""
    shutil.copytree(PLUGIN.parent, folder)
    tracker = folder / "keepalive_tracker.lua"
    # Every frame passes here; those in order are not observed.
    passed = "function tracker:pass(frame, time)\n"
    text = tracker.read_text(encoding="utf-8")
    assert passed in text
    planted = f'{passed}    if frame >= {frame} then error("planted") end\n'
    tracker.write_text(text.replace(passed, planted), encoding="utf-8")
    return folder


def _findings_of(packet: ElementTree.Element, types: dict[str, str]) -> list[FindingOnFrame]:
    frame = int(_text(_first(packet, "num")))
    errors = [_text(field) for field in packet.iter("field") if _text(field).startswith("Lua Error")]
    errors += [_text(field) for field in _all(packet, "keepalive.failed")]
    names = [_text(field) for field in _all(packet, "keepalive.finding")]
    levels = [_text(field) for field in _all(packet, "keepalive.level")]
    trees = [field for field in packet.iter("field") if field.get("name") in {f"keepalive.{name}" for name in names}]
    if errors or not names:
        raise PluginError(f"frame {frame}: {'; '.join(errors) or 'matches _ws.lua.error'}")
    if [tree.get("name") for tree in trees] != [f"keepalive.{name}" for name in names] or len(levels) != len(names):
        raise PluginError(f"frame {frame}: findings {names}, levels {levels} and their trees do not go together")
    # The first TCP header of the frame is the live one; those in tunnels and ICMP errors come later.
    # A frame without one may be the first behind a hole in the capture.
    has_tcp = bool(_all(packet, "tcp.stream"))
    source = _source(packet) if has_tcp else ""
    stream = int(_text(_first(packet, "tcp.stream"))) if has_tcp else -1
    time_ns = _nanoseconds(_first(packet, "timestamp").get("value", ""))
    return [
        FindingOnFrame(frame, time_ns, stream, source, name, level, _data(tree, types))
        for name, level, tree in zip(names, levels, trees, strict=True)
    ]


def _data(tree: ElementTree.Element, types: dict[str, str]) -> dict[str, Datum]:
    prefix = f"{tree.get('name')}."
    data: dict[str, Datum] = {}
    for field in tree:
        name = field.get("name", "")
        if not name.startswith(prefix) or name not in types:
            continue
        if name[len(prefix) :] in data:
            raise PluginError(f"{name} is there twice in one finding")
        data[name[len(prefix) :]] = _datum(_text(field), types[name])
    return data


def _datum(text: str, field_type: str) -> Datum:
    match field_type:
        case "FT_RELATIVE_TIME":
            return _nanoseconds(text)
        case "FT_ABSOLUTE_TIME":
            return _moment(text)
        case "FT_FRAMENUM" | "FT_UINT32":
            return int(text)
        case "FT_STRING":
            return text
    raise PluginError(f"a datum of the unexpected type {field_type}")


def _source(packet: ElementTree.Element) -> str:
    port = _text(_first(packet, "tcp.srcport"))
    address = ""
    for layer in packet.findall("proto"):
        if layer.get("name") == "tcp":
            break
        if layer.get("name") == "ip":
            address = _text(_first(layer, "ip.src"))
        elif layer.get("name") == "ipv6":
            address = f"[{_text(_first(layer, 'ipv6.src'))}]"
    return f"{address}:{port}"


def _nanoseconds(seconds: str) -> int:
    """Nanoseconds of decimal seconds such as "-0.000021000"."""
    whole, _, fraction = seconds.lstrip("-").partition(".")
    magnitude = int(whole) * NS_PER_S + int(fraction[:9].ljust(9, "0"))
    return -magnitude if seconds.startswith("-") else magnitude


def _moment(text: str) -> int:
    """Nanoseconds since the epoch of "Sep 29, 2022 16:07:06.387260001 UTC" or "2022-09-29T16:07:06.387260001Z"."""
    whole, _, fraction = text.removesuffix("Z").removesuffix(" UTC").partition(".")
    shape = "%Y-%m-%dT%H:%M:%S" if "T" in whole else "%b %d, %Y %H:%M:%S"
    seconds = int(datetime.strptime(whole, shape).replace(tzinfo=UTC).timestamp())
    return seconds * NS_PER_S + int(fraction[:9].ljust(9, "0"))


def _all(tree: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [field for field in tree.iter("field") if field.get("name") == name]


def _first(tree: ElementTree.Element, name: str) -> ElementTree.Element:
    found = _all(tree, name)
    if not found:
        raise PluginError(f"tshark shows no {name}")
    return found[0]


def _text(field: ElementTree.Element) -> str:
    return field.get("show", "")
