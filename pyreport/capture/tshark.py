"""The bulk pass: one tshark process with the plugin and the profile, its fields read row by row.

tshark says what went wrong in its exit status, on stderr or in a field of a frame, depending on what it was; all three
are checked here, so that an empty answer always means that the capture holds nothing of the kind.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from msgspec import Struct, field

from pyreport.base.claim import Claim, claim
from pyreport.base.errors import InputError, ToolError
from pyreport.capture import resources
from pyreport.capture.child import Child, start
from pyreport.capture.confinement import MEMORY_VARIABLE, READS_VARIABLE
from pyreport.capture.file import Capture
from pyreport.capture.how_far import Watch, unwatched
from pyreport.capture.joined import GROWTH, join
from pyreport.capture.origins import Origins
from pyreport.capture.reading_place import watched
from pyreport.capture.room import check_room
from pyreport.capture.sandbox import LEDGER, RECORDS, Note, Sandbox, open_sandbox

OLDEST_VERSION = (3, 6)
LOCATION_VARIABLE = "PYREPORT_TSHARK"

# Between the values of a field that occurs more than once in a frame: a character that no value contains.
AGGREGATOR = "\x1f"

# The plugin keeps its failure and shows it in every pass, on the frame that it failed on and on all behind it. What it
# cannot catch (its own set-up) is Wireshark's to show, in the pass in which it happens.
FAILED_FIELD = "keepalive.failed"
LUA_ERROR_FIELD = "_ws.lua.error"
FAILURE_FIELDS = (FAILED_FIELD, LUA_ERROR_FIELD)

# The first two numbers decide (OLDEST_VERSION).
_VERSION = r"(\d+)\.(\d+)(?:\.\d+)?"

# What tshark says of fields and preferences that it does not know.
_NO_PLUGIN = re.compile("aren't valid|neither a field nor a protocol|not a valid (field|protocol)|unknown preference")

# A frame has up to 256 KiB, and no field repeats its bytes often.
LONGEST_LINE = 16 << 20
# Of what tshark says of errors, this much is read.
MOST_SAID = 1 << 20


class OneFile(Struct, frozen=True):
    """A capture in one file that tshark can read; ``origins`` says which of several files its frames are from."""

    path: Path
    origins: Origins


class Tshark(Struct, frozen=True):
    """A tshark in its sandbox. It is found to work before it reads anything, or by the version that the plugin tells.

    ``commands`` grows with each pass: the command as a user types it who installed the plugin and the profile.
    ``warnings`` grows with what a pass could not read.
    """

    path: Path
    sandbox: Sandbox
    commands: list[str] = field(default_factory=list)
    warnings: list[Claim] = field(default_factory=list)
    _versions: list[str] = field(default_factory=list)
    _joined: dict[tuple[Path, ...], OneFile] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """The version, "4.0.17". Raises what check raises."""
        self.check()
        return self._versions[0]

    def check(self) -> None:
        """Ask the program for its version, once; not when the plugin has told it.

        Raises ToolError when it does not run, is too old or was built without Lua.
        """
        if not self._versions:
            self._versions.append(_version_asked(self.path, self.sandbox))

    def take_version(self, told: str) -> None:
        """Take the version that the plugin tells of the program that runs it. Raises ToolError when it is too old."""
        if not self._versions and (found := re.match(_VERSION, told)):
            self._versions.append(_new_enough(self.path, found))

    def file_of(self, capture: Capture, watch: Watch = unwatched) -> OneFile:
        """The capture as a file that tshark can read. Several files are put together in the private folder, once.

        Raises ToolError when there is no room for that, or it cannot be written.
        """
        if capture.is_one_file:
            return OneFile(self.sandbox.readable(capture.files[0].path), Origins())
        key = tuple(file.path for file in capture.files)
        if key not in self._joined:
            needed = int(capture.size * GROWTH)
            check_room(self.sandbox.folder, needed, capture.shown_path)
            try:
                path, target = self.sandbox.new_file("joined")
                with target:
                    origins, notes = join(capture, target, watch)
            except OSError as error:
                raise ToolError(
                    f"{capture.shown_path} cannot be put together in {self.sandbox.folder} ({error.strerror}): set "
                    "TMPDIR to a folder with more room."
                ) from error
            for note in notes:
                self.warn(note)
            self._joined[key] = OneFile(path, origins)
        return self._joined[key]

    def read_rows(
        self,
        capture: Capture,
        fields: Sequence[str],
        display_filter: str,
        options: Sequence[str] = (),
        shown_filter: str = "",
        watch: Watch = unwatched,
    ) -> Iterator[list[str]]:
        """Yield one row for each frame that the filter selects within the capture's limits: the raw text of each field,
        "" when it is absent. ``options`` are more arguments for tshark (-d, -o). ``shown_filter`` selects the frames in
        the capture that the user gave, where ``capture`` is an excerpt of it. ``watch`` is told how far it is.

        Values of a field that occurs more than once are joined by AGGREGATOR. Two passes (-2), so that what only later
        frames prove is there. A capture that is cut short or damaged yields the frames before that and adds to
        ``warnings``.

        Raises InputError when tshark cannot read the capture, ToolError when tshark or the plugin failed.
        """
        guarded_filter, output = self._output(capture, fields, display_filter, options)
        self.note_rows(capture, fields, shown_filter or display_filter, options)
        with (
            self.two_passes(capture, (RECORDS,), ["-Y", guarded_filter, *output]) as child,
            watched(child.pid, self.file_of(capture).path, watch) as count,
        ):
            for row in _split_rows(child.output, len(fields)):
                count.frames += 1
                yield row

    @contextmanager
    def two_passes(self, capture: Capture, asked: Sequence[str], arguments: Sequence[str]) -> Iterator[Child]:
        """A tshark that reads the capture twice (-2), with the plugin, which is asked for no more than ``asked``
        (Sandbox.plugin_arguments); ``arguments`` select and print. What it prints has to be read to its end within the
        block. A capture that is cut short or damaged adds to ``warnings`` then.

        Raises InputError when tshark cannot read the capture, ToolError when tshark or the plugin failed.
        """
        path = self.file_of(capture).path
        plugin = self.sandbox.plugin_arguments(capture.limits.part, *asked)
        command = [str(self.sandbox.command), "-2", "-n", *plugin, "-r", str(path), *arguments]
        if LEDGER not in asked:
            self.check()
        with tempfile.TemporaryFile() as stderr:
            try:
                child = start(str(self.path), command, stderr=stderr)
            except OSError:
                self.check()
                raise
            try:
                yield child
                status = child.wait()
            finally:
                child.stop()
            # A private copy has another path in each run.
            self._judge(status, said(stderr).replace(str(path), capture.shown_path), capture)

    def note_rows(
        self, capture: Capture, fields: Sequence[str], display_filter: str, options: Sequence[str] = ()
    ) -> None:
        """Keep the command that prints these rows for the report's appendix."""
        self.note_command(capture, *self._output(capture, fields, display_filter, options))

    def _output(
        self, capture: Capture, fields: Sequence[str], display_filter: str, options: Sequence[str]
    ) -> tuple[str, list[str]]:
        """The filter of a command, and the arguments that say what it prints."""
        output = [
            *options,
            "-T",
            "fields",
            "-E",
            "separator=/t",
            "-E",
            "occurrence=a",
            "-E",
            f"aggregator={AGGREGATOR}",
        ]
        for name in (*fields, *FAILURE_FIELDS):
            output += ["-e", name]
        # A frame on which the plugin failed has no findings: without this, the filter would hide the failure.
        guarded_filter = " || ".join((f"({capture.limits.display_filter(display_filter)})", *FAILURE_FIELDS))
        return guarded_filter, output

    def note_command(self, capture: Capture, display_filter: str, output: Sequence[str]) -> None:
        """Keep a command for the report's appendix, without the paths of the sandbox."""
        profile = ("-C", resources.PROFILE_NAME)
        command = _typed("tshark", "-2", "-n", *profile, "-r", capture.name_in_commands, "-Y", display_filter, *output)
        if command not in self.commands:
            self.commands.append(command)

    def warn(self, warning: Claim) -> None:
        """Keep a warning for the report, once."""
        if warning not in self.warnings:
            self.warnings.append(warning)

    def _judge(self, status: int, stderr: str, capture: Capture) -> None:
        shown = capture.shown_path
        if status:
            self.check()
        if found := re.search(r"Lua: .*(?:\n(?!tshark:).*)?", stderr):
            raise ToolError(
                f"tshark could not load the keepalive plugin ({one_line(found[0])}): install pyreport again."
            )
        if _NO_PLUGIN.search(stderr):
            raise ToolError(
                f"tshark {self.version} does not know the fields of the keepalive plugin, so the plugin was not loaded "
                f"({one_line(stderr)}): check that this tshark has Lua (tshark -v)."
            )
        if status == 0:
            return
        if "cut short" in stderr:
            self.warn(claim("capture-cut-short", file=shown))
        elif "damaged or corrupt" in stderr:
            self.warn(claim("capture-damaged", file=shown, said=one_line(stderr)))
        elif re.search("isn't a capture file", stderr):
            raise InputError(f"{shown} is not a capture file that tshark understands: give a pcap or pcapng file.")
        elif re.search("doesn't support|unknown or unsupported", stderr):
            raise InputError(f"{shown} holds what tshark does not read ({one_line(stderr)}): capture in another way.")
        elif status < 0:
            may_use = self.sandbox.confinement
            raise ToolError(
                f"tshark was ended by signal {-status} while it read {shown}: it may use {may_use.memory / 1e9:.1f} GB "
                f"of memory ({MEMORY_VARIABLE}) and {may_use.cpu_s // 3600} h of CPU time, so cut the capture with "
                "editcap or filter it by host first."
            )
        else:
            raise ToolError(f"tshark {self.version} failed on {shown} with exit status {status}: {one_line(stderr)}")


@contextmanager
def open_tshark(
    location: str | None = None,
    *,
    plugin_source: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    note: Note = lambda _: None,
    is_checked: bool = True,
) -> Iterator[Tshark]:
    """Find tshark, check its version, and give it a sandbox for the time of the ``with`` block.

    ``note`` is told what the user should know at once. Not ``is_checked``: it is started once less where the plugin
    tells the version in the end, which is too late for what cannot be read again.
    Raises ToolError when there is no tshark that can be used.
    """
    path = find_tshark(location, environ)
    with open_sandbox(path, plugin_source=plugin_source, environ=environ, note=note) as sandbox:
        tshark = Tshark(path, sandbox)
        if is_checked:
            tshark.check()
        yield tshark


def find_tshark(location: str | None, environ: Mapping[str, str]) -> Path:
    """The absolute path of tshark: ``location`` if given, else the variable PYREPORT_TSHARK, else from PATH.

    Raises ToolError when it is not there.
    """
    wanted = location or environ.get(LOCATION_VARIABLE) or "tshark"
    found = shutil.which(wanted, path=environ.get("PATH"))
    if found is None:
        raise ToolError(
            f"{wanted} was not found or is no program: install Wireshark's command line (Debian, Ubuntu: "
            f"apt-get install tshark), or name the program with --tshark or {LOCATION_VARIABLE}."
        )
    return Path(found).absolute()


def _version_asked(path: Path, sandbox: Sandbox) -> str:
    """What tshark says that its version is. Raises what Tshark.check raises."""
    try:
        result = subprocess.run(
            [str(sandbox.command), "-v"], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(
            f"{path} could not be started in {sandbox.folder} ({error}): "
            "if programs cannot be run in that folder, set TMPDIR to another one."
        ) from error
    text = result.stdout.decode("utf-8", "backslashreplace")
    found = re.match(rf"TShark\b.*?{_VERSION}", text)
    if result.returncode != 0 or found is None:
        who = f" as the user {sandbox.account.name}" if sandbox.account else ""
        details = one_line(result.stderr.decode("utf-8", "backslashreplace") or text)
        raise ToolError(
            f"{path} does not run as tshark{who} ({details}): name another one with --tshark, or, if it needs files in "
            f"other folders, name those in {READS_VARIABLE}."
        )
    version = _new_enough(path, found)
    if re.search(r"(?:\bwithout\s+|^\s*-)Lua\b", text, re.MULTILINE):
        raise ToolError(f"{path} was built without Lua, which the keepalive plugin needs: install a tshark with Lua.")
    return version


def _new_enough(path: Path, found: re.Match[str]) -> str:
    """The version that a match of _VERSION ends with. Raises ToolError when it is too old."""
    version = found[0].split()[-1]
    if (int(found[1]), int(found[2])) < OLDEST_VERSION:
        needed = ".".join(map(str, OLDEST_VERSION))
        raise ToolError(
            f"{path} is version {version}, and pyreport needs tshark {needed} or later: install a newer one."
        )
    return version


def _split_rows(stream: IO[bytes], width: int) -> Iterator[list[str]]:
    """Rows of ``width`` columns; raises ToolError on the extra last columns, which tell that the plugin failed."""
    printed = width + len(FAILURE_FIELDS)
    while line := stream.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise ToolError(
                f"tshark printed a line of more than {LONGEST_LINE >> 20} MiB: this version cannot be used."
            )
        row = line.decode("utf-8", "backslashreplace").rstrip("\n").split("\t")
        if len(row) != printed:
            raise ToolError(f"tshark printed {len(row)} columns instead of {printed}: this version cannot be used.")
        if problem := " ".join(filter(None, row[width:])):
            raise plugin_failed(problem)
        yield row[:width]


def plugin_failed(problem: str) -> ToolError:
    """The error that says so, with what the plugin said of it."""
    return ToolError(
        "The keepalive plugin failed on this capture, so its findings cannot be trusted "
        f"({one_line(problem)}): report this, with the capture if you may."
    )


def said(stderr: IO[bytes]) -> str:
    """What a program said of errors, in the file that it wrote to; the beginning of it when it is very long."""
    stderr.seek(0)
    return stderr.read(MOST_SAID).decode("utf-8", "backslashreplace")


def one_line(text: str, limit: int = 300) -> str:
    """The text in one line, cut off at the limit."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def join_commands(capture: Capture, origins: Origins) -> tuple[str, ...]:
    """What a user types to get one file whose frames have the numbers of the report; nothing for a capture of one file.

    Of files whose times overlap, mergecap puts frames of the same nanosecond in another order than this program.
    """
    if capture.is_one_file:
        return ()
    order = () if origins.overlap else ("-a",)
    files = (file.shown_path for file in capture.files)
    return (_typed("mergecap", *order, "-F", "pcapng", "-w", capture.name_in_commands, *files),)


def _typed(*words: str) -> str:
    return " ".join(map(_shell_word, words))


def _shell_word(word: str) -> str:
    """The word as typed in bash or zsh."""
    if word.isprintable():
        return shlex.quote(word)
    return "$'" + "".join(c if c.isprintable() and c not in "\\'" else f"\\x{ord(c):02x}" for c in word) + "'"
