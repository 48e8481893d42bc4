"""What the plugin costs inside tshark, counted in instructions, which nothing else on the machine changes.

Callgrind (valgrind) counts them. The difference of two captures leaves the start of tshark out, and the handshakes.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from tests.bench.traffic import write_traffic
from tests.support.plugin import PLUGIN, REPOSITORY

FRAMES = (2_000, 6_000)
CONNECTIONS = 20

EMPTY = """local nothing = Proto("nothing", "Nothing")
function nothing.dissector() end
register_postdissector(nothing)
"""

# What lua/keepalive.lua reads of an ordinary frame whose connection it knows, and nothing done with it: its least cost.
READING = """local reading = Proto("reading", "Reading")
local fields = {}
for _, name in ipairs { "tcp.stream", "tcp.len", "icmp", "icmpv6", "frame.time" } do
    fields[#fields + 1] = Field.new(name)
end
local last, time, head = 0, nil, nil
function reading.dissector(bytes, pinfo)
    local frame = pinfo.number
    if frame > last then
        last, time = frame, pinfo.rel_ts
        head = bytes:raw(0, math.min(bytes:len(), 128))
    end
end
register_postdissector(reading)
"""


def print_instructions(folder: Path) -> None:
    """Print instructions a frame: plain tshark -2, with an empty Lua post-dissector, with one that only reads what the
    plugin reads, and with the plugin.

    Writes into `folder`. Raises CalledProcessError when tshark or valgrind fails.
    """
    captures = [folder / f"instructions_{count}.pcap" for count in FRAMES]
    for capture, count in zip(captures, FRAMES, strict=True):
        write_traffic(capture, count, CONNECTIONS)
    empty, reading = folder / "empty.lua", folder / "reading.lua"
    empty.write_text(EMPTY, encoding="utf-8")
    reading.write_text(READING, encoding="utf-8")
    plain = _per_frame(captures, [])
    with_empty = _per_frame(captures, ["-X", f"lua_script:{empty}"])
    with_reading = _per_frame(captures, ["-X", f"lua_script:{reading}"])
    with_plugin = _per_frame(captures, ["-X", f"lua_script:{PLUGIN}"])
    print(f"instructions a frame of Kafka traffic in {CONNECTIONS} connections, by callgrind:")
    print(f"  tshark -2                      {plain:9,.0f}")
    print(f"  with an empty post-dissector   {with_empty:9,.0f}  {with_empty / plain:5.3f} times plain")
    print(
        f"  that reads the same            {with_reading:9,.0f}  {with_reading / plain:5.3f} times plain, "
        f"{with_reading / with_empty:5.3f} times the empty one"
    )
    print(
        f"  with the plugin                {with_plugin:9,.0f}  {with_plugin / plain:5.3f} times plain, "
        f"{with_plugin / with_empty:5.3f} times the empty one"
    )


def _per_frame(captures: list[Path], arguments: list[str]) -> float:
    """Instructions for each frame that the second capture has more than the first."""
    fewer, more = (_instructions(capture, arguments) for capture in captures)
    return (more - fewer) / (FRAMES[1] - FRAMES[0])


def _instructions(capture: Path, arguments: list[str]) -> int:
    counts = capture.with_suffix(".callgrind")
    # The filter is what makes tshark dissect every frame twice.
    command = ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={counts}"]
    command += ["tshark", "-2", "-r", str(capture), "-Y", "frame.number==0", *arguments]
    environment = os.environ | {"WIRESHARK_CONFIG_DIR": str(REPOSITORY), "LC_ALL": "C", "TZ": "UTC"}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    total = re.search(r"^(?:summary|totals): (\d+)", counts.read_text(encoding="utf-8"), re.MULTILINE)
    if not total:
        raise ValueError(f"callgrind wrote no total into {counts}")
    return int(total[1])
