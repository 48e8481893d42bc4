"""Captures through the plugin inside tshark, and through the fast reader: no Lua error, and the same from both."""

from __future__ import annotations

import atexit
import functools
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random

from pyreport.base.errors import InputError, ReportError
from pyreport.capture.engine import Engine
from pyreport.capture.resources import plugin_folder, reader_folder
from pyreport.capture.tshark import FAILURE_FIELDS, Tshark, open_tshark
from pyreport.frames.columns import FIELDS
from tests.engine.both import as_used, told
from tests.engine.test_outlines import assert_kept, assert_well, read
from tests.fuzz import seeds
from tests.fuzz.capture_files import mutated_capture
from tests.fuzz.cases import Case, Wrong
from tests.fuzz.pieces import whole_packets
from tests.fuzz.place import Hang, limited, place_for

NAME = "capture.pcap"
GUARDED = Path(__file__).with_name("guarded.lua")

#: Seconds after which the reader of a capture hangs.
WAITS = 30
# Memory errors end the reader. Not what has no value yet: LuaJIT keeps its own memory, and hashes a string by words.
_MEMCHECK = (
    *("env", "PYTHONMALLOC=malloc"),
    *("valgrind", "--quiet", "--undef-value-errors=no", "--exit-on-first-error=yes", "--error-exitcode=99"),
)
UNDER_VALGRIND = (_MEMCHECK, 20 * WAITS)

# Reads one capture after the other in one process: on standard input the octets of each, with their count before them;
# prints for each one line. A Lua error ends it, and so does a read outside of what the capture holds (guarded.lua).
READER = """
import os, struct, sys
from lupa import luajit21
lua = luajit21.LuaRuntime()
lua.execute('package.path = ...', f"{sys.argv[1]}/?.lua;{sys.argv[2]}/?.lua")
lua.execute('dofile(...)', sys.argv[4])
read = lua.execute('''
    local capture_of, sources, answers, rows = require "capture", require "sources", require "answers", require "rows"
    local fields = {}
    for name in (...):gmatch("[^ ]+") do fields[#fields + 1] = name end
    local write = assert(rows.writer(fields))
    local out = { write = function() end }
    local function nothing() end
    return function(descriptor, size)
        local records = sources.open({ { descriptor = descriptor, size = size } }, { read = 0 }, nothing)
        local capture, reason = capture_of.read(records, "", nothing)
        if not capture then return reason end
        local streams = {}
        for stream = 0, capture.outlines.count - 1 do
            streams[#streams + 1] = tostring(stream)
        end
        for _, name in ipairs { "rows", "neighbours", "span", "connections", "streams", "quoting", "odd" } do
            answers[name](capture, write, out, {})
        end
        answers.findings(capture, write, out, streams)
        answers.found(capture, write, out, { "missed", "capture_hole", "refused_by" })
        answers.excerpt(capture, write, out, { "0" })
        answers.around(capture, write, out, { "0" })
        return "read"
    end
''', sys.argv[3])
while size := sys.stdin.buffer.read(4):
    octets = sys.stdin.buffer.read(struct.unpack("<I", size)[0])
    descriptor = os.memfd_create("capture")
    os.write(descriptor, octets)
    answer = read(descriptor, len(octets))
    os.close(descriptor)
    print(answer, flush=True)
"""


class Reader:
    """A process that reads captures with the reader's modules, started again after each one that ended it."""

    def __init__(self, prefix: Sequence[str] = (), waits: int = WAITS) -> None:
        self._prefix, self._waits = prefix, waits
        self._process: subprocess.Popen[bytes] | None = None

    def wrong(self, octets: bytes) -> Wrong | None:
        """What is wrong with how it read the capture."""
        process = self._process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        answer = b""
        try:
            with limited(waits=self._waits):
                process.stdin.write(len(octets).to_bytes(4, "little") + octets)
                process.stdin.flush()
                answer = process.stdout.readline()
        except Hang:
            self.close()
            return Wrong("the reader hangs")
        except BrokenPipeError:
            pass
        if answer:
            return None if answer.strip().isalpha() else Wrong("the reader's answer", repr(answer))
        said = process.stderr.read().decode() if process.stderr is not None else ""
        self.close()
        lines = [line for line in said.splitlines() if "Error" in line]
        return Wrong(f"the reader ends: {lines[-1] if lines else process.returncode}"[:200], said)

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*self._prefix, sys.executable, "-c", READER, plugin_folder(), reader_folder(), " ".join(FIELDS), GUARDED],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


class Engines:
    """One tshark in its sandbox, and one reader, for many captures."""

    def __init__(self, tshark: Tshark, reader: Reader) -> None:
        self.tshark, self.reader = tshark, reader

    def wrong_read(self, case: Case) -> Wrong | None:
        """What is wrong with how the reader's modules read the capture."""
        return self.reader.wrong(case.files[0][1])

    def wrong_plugin(self, case: Case) -> Wrong | None:
        """What is wrong with the plugin's findings in one pass and in two, or with the reader's beside them."""
        with place_for(case) as folder:
            path = folder / "in" / NAME
            try:
                with limited():
                    return self._one_pass(path) or self._same(path, case.files[0][1])
            except Hang:
                return Wrong("the plugin hangs")
            except InputError:
                return None
            except ReportError as error:
                return Wrong(f"{type(error).__name__} of the engines", f"{error}")
            except AssertionError as error:
                line = traceback.extract_tb(error.__traceback__)[-1].line
                return Wrong(f"the engines differ: {line}", f"{error}")

    def _one_pass(self, path: Path) -> Wrong | None:
        sandbox = self.tshark.sandbox
        failed = " || ".join(FAILURE_FIELDS)
        fields = [word for name in FAILURE_FIELDS for word in ("-e", name)]
        command = [str(sandbox.command), "-n", *sandbox.plugin_arguments(), "-r", str(sandbox.readable(path))]
        done = subprocess.run(
            [*command, "-Y", failed, "-T", "fields", *fields], capture_output=True, timeout=120, check=False
        )
        if done.returncode < 0:
            return Wrong(f"tshark ended by signal {-done.returncode}", done.stderr.decode("utf-8", "replace"))
        if done.stdout.strip() or b"Lua" in done.stderr:
            return Wrong("a Lua error in one pass", (done.stdout + done.stderr)[:2000].decode("utf-8", "replace"))
        return None

    def _same_of_both(self, path: Path) -> Wrong | None:
        """The same of a capture with odd frames, which both programs read, each a part."""
        both = read(self.tshark, path, Engine.AUTO)
        if both is not None and both.read_by.id == "read-by-both":
            whole = read(self.tshark, path, Engine.TSHARK)
            if whole is None:
                return Wrong("both engines read, tshark alone does not")
            assert_kept(both, whole)
        return None

    def _same(self, path: Path, octets: bytes) -> Wrong | None:
        slow = told(self.tshark, path, Engine.TSHARK)
        packets = whole_packets(octets)
        if packets is not None and packets != len(slow.rows) and not slow.warnings:
            return Wrong("packets of a whole file are missing", f"{len(slow.rows)} of {packets}")
        fast = told(self.tshark, path)
        if fast.read_by.id != "read-by-reader":
            failed = fast.read_by.values["reason"] == "failed"
            return Wrong("the reader failed", f"{fast.read_by}") if failed else self._same_of_both(path)
        pairs = zip(fast.rows, slow.rows, strict=False)
        differences = [(one, other) for one, other in pairs if as_used(one) != as_used(other)]
        if differences:
            names = [name for name in differences[0][0].__struct_fields__ if _differ(differences[0], name)]
            return Wrong(f"the engines differ in {', '.join(names)}", f"{differences[0]}")
        if len(fast.rows) != len(slow.rows) or fast.warnings != slow.warnings:
            return Wrong("the engines differ in frames or warnings", f"{fast.warnings} {slow.warnings}")
        one, other = read(self.tshark, path, Engine.FAST), read(self.tshark, path, Engine.TSHARK)
        if (one is None) != (other is None):
            return Wrong("one engine reads, the other does not")
        if one is not None and other is not None:
            assert_kept(one, other)
            assert_well(one)
        return None


def _differ(pair: tuple[object, object], name: str) -> bool:
    return bool(getattr(pair[0], name) != getattr(pair[1], name))


@functools.cache
def engines() -> Engines:
    """The engines of this process; they end with it, or when close_engines is called."""
    reader = Reader(*UNDER_VALGRIND) if os.environ.get("FUZZ_VALGRIND") else Reader()
    _END.callback(reader.close)
    return Engines(_END.enter_context(open_tshark(environ={**os.environ, "TMPDIR": tempfile.gettempdir()})), reader)


def close_engines() -> None:
    """End the engines; the next that asks for them gets new ones."""
    engines.cache_clear()
    _END.close()


_END = ExitStack()
atexit.register(close_engines)


def make(target: str, chance: Random) -> Case:
    """A capture with something wrong."""
    return Case(target, ((NAME, mutated_capture(seeds.capture(chance), chance, seeds.capture(chance))),))
