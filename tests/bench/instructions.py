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

# The fields that lua/keepalive.lua may ask for. Wireshark adds them to the tree of every frame, asked for or not.
FIELDS = """for _, name in ipairs { "tcp.stream", "tcp.len", "icmp", "icmpv6", "frame.time" } do
    Field.new(name)
end
"""

# And what it reads of an ordinary frame whose connection it knows, with nothing done with it: its least cost.
READING = (
    FIELDS
    + """local reading = Proto("reading", "Reading")
local last, time, head, number_of, time_of = 0, nil, nil, nil, nil
function reading.dissector(bytes, pinfo)
    if not number_of then
        local getters = getmetatable(pinfo).__getters
        number_of, time_of = getters.number, getters.rel_ts
    end
    local frame = number_of(pinfo)
    if frame > last then
        last, time = frame, time_of(pinfo)
        head = bytes:raw(0, math.min(bytes:len(), 128))
    end
end
register_postdissector(reading)
"""
)


def print_instructions(folder: Path) -> None:
    """Print instructions a frame: plain tshark -2, with an empty Lua post-dissector, with an empty one that has the
    plugin's fields, with one that only reads what the plugin reads, and with the plugin.

    Writes into `folder`. Raises CalledProcessError when tshark or valgrind fails.
    """
    captures = [folder / f"instructions_{count}.pcap" for count in FRAMES]
    for capture, count in zip(captures, FRAMES, strict=True):
        write_traffic(capture, count, CONNECTIONS)
    scripts = {"empty": EMPTY, "fields": FIELDS + EMPTY, "reading": READING}
    for name, script in scripts.items():
        (folder / f"{name}.lua").write_text(script, encoding="utf-8")
    plain = _per_frame(captures, [])
    with_empty = _per_frame(captures, ["-X", f"lua_script:{folder / 'empty.lua'}"])
    print(f"instructions a frame of Kafka traffic in {CONNECTIONS} connections, by callgrind:")
    print(f"  tshark -2                      {plain:9,.0f}")
    print(f"  with an empty post-dissector   {with_empty:9,.0f}  {with_empty / plain:5.3f} times plain")
    for what, lua in (
        ("  that has the plugin's fields ", folder / "fields.lua"),
        ("  that reads what it reads     ", folder / "reading.lua"),
        ("with the plugin                ", PLUGIN),
    ):
        cost = _per_frame(captures, ["-X", f"lua_script:{lua}"])
        ratios = f"{cost / plain:5.3f} times plain, {cost / with_empty:5.3f} times the empty one"
        print(f"  {what}{cost:9,.0f}  {ratios}")


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
