"""Captures made at random: what the fast reader reads of them, tshark reads as well; and no input ends the reader."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random

from pyreport.capture.resources import plugin_folder, reader_folder
from pyreport.capture.tshark import Tshark
from tests.engine.both import assert_same, reason
from tests.engine.mutations import write

# PROPERTY_SHARE is the percentage of examples, as in tests/property.
SHARE = int(os.environ.get("PROPERTY_SHARE", "100"))
EXAMPLES = max(2, 30 * SHARE // 100)
MANGLED = max(100, 5000 * SHARE // 100)

# Has the reader go over many files, in one process: argv has its folders, standard input the octets of each file with
# their count before them. Prints how many were read to their end. A Lua error or a signal ends it.
READ_MANY = """
import os, struct, sys
from lupa import luajit21
lua = luajit21.LuaRuntime()
lua.execute('package.path = ...', f"{sys.argv[1]}/?.lua;{sys.argv[2]}/?.lua")
read = lua.execute('''
    local capture_of, sources = require "capture", require "sources"
    local function nothing() end
    return function(descriptor, size)
        local records = sources.open({ { descriptor = descriptor, size = size } }, { read = 0 }, nothing)
        local capture, reason = capture_of.read(records, "", nothing)
        for number = 1, capture and capture.kept.count or 0 do
            capture:frame(number)
        end
        return capture ~= nil or reason
    end
''')
whole = 0
while size := sys.stdin.buffer.read(4):
    octets = sys.stdin.buffer.read(struct.unpack("<I", size)[0])
    descriptor = os.memfd_create("capture")
    os.write(descriptor, octets)
    answer = read(descriptor, len(octets))
    assert answer is True or isinstance(answer, str), answer
    whole += answer is True
    os.close(descriptor)
print(whole)
"""


def test_what_is_read_is_what_tshark_reads(tshark: Tshark, tmp_path: Path) -> None:
    read = 0
    for seed in range(EXAMPLES):
        capture = tmp_path / f"{seed}.pcap"
        write(capture, Random(seed))
        said = reason(tshark, capture)
        assert said != "failed", seed
        if not said:
            assert_same(tshark, capture, seed)
            read += 1
    assert read > EXAMPLES // 4


def mangled(octets: bytes, chance: Random) -> bytes:
    """The octets with some changed, left out or said twice, more often at the beginning, where the lengths are."""
    result = bytearray(octets)
    for _ in range(chance.choice((1, 2, 5, 20))):
        place = min(len(result) - 1, int(len(result) * chance.random() ** 3))
        match chance.randrange(4):
            case 0:
                result[place] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))
            case 1:
                result[place : place + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\0\4\0", b"\0\4\0\0"))
            case 2:
                del result[place : place + chance.randrange(1, 20)]
            case _:
                result[place:place] = result[place : place + chance.randrange(1, 40)]
    return bytes(result)


def test_no_file_ends_the_reader(tmp_path: Path) -> None:
    """It says of each that it was read, or why Wireshark has to: no Lua error, no signal, no endless loop."""
    capture, chance, files = tmp_path / "x.pcap", Random(1), []
    for seed in range(20):
        write(capture, Random(seed))
        files.append(capture.read_bytes())
    sent = (mangled(chance.choice(files), chance) for _ in range(MANGLED))
    done = subprocess.run(
        [sys.executable, "-c", READ_MANY, str(plugin_folder()), str(reader_folder())],
        input=b"".join(len(octets).to_bytes(4, "little") + octets for octets in sent),
        capture_output=True,
        timeout=600,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert int(done.stdout) > MANGLED // 100
