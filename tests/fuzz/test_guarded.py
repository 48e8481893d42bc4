"""The guard of the fuzzed captures ends a read outside of what was given, also in code that LuaJIT has compiled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from signal import SIGSEGV

import pytest

from pyreport.capture.resources import reader_folder
from tests.fuzz.engines import GUARDED

# Reads some bytes again and again: the octet at a place of what was given of 5,000 octets, now or before.
PROBE = """
import os, sys
from lupa import luajit21
lua = luajit21.LuaRuntime()
lua.execute('package.path = ...', f"{sys.argv[1]}/?.lua")
read = lua.execute('''
    local input = dofile((...))
    return function(descriptor, place, peeks)
        local capture = input.open(descriptor, 5000, { read = 0 })
        local bytes, sum = capture:peek(5000), 0
        for _ = 2, peeks do capture:peek(16) end
        for _ = 1, 1000 do sum = sum + bytes[place] end
        return sum
    end
''', sys.argv[2])
descriptor = os.memfd_create("capture")
os.write(descriptor, bytes(4999) + b"\\x07")
print(read(descriptor, int(sys.argv[3]), int(sys.argv[4])))
"""


@pytest.mark.parametrize(
    ("place", "peeks", "status", "printed"),
    [(4999, 1, 0, "7000"), (5000, 1, -SIGSEGV, ""), (9095, 1, -SIGSEGV, ""), (0, 2, -SIGSEGV, "")],
    ids=["the last octet", "one behind it", "a page behind it", "what was given before"],
)
def test_a_read_outside_ends_the_process(place: int, peeks: int, status: int, printed: str) -> None:
    command: list[str | Path] = [sys.executable, "-c", PROBE, reader_folder(), GUARDED, str(place), str(peeks)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (status, printed)
