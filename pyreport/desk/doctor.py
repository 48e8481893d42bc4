"""Checks the plugin, the profile and pyreport as this user has them, and says of each trouble how it is cured."""

from __future__ import annotations

import importlib
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from pyreport import __version__
from pyreport.base.claim import FrameNumber, claim
from pyreport.base.errors import ToolError
from pyreport.capture.tshark import LOCATION_VARIABLE, OLDEST_VERSION, open_tshark
from pyreport.desk.capture_rights import Rights, capture_rights
from pyreport.desk.checkup import Finding, note, trouble, works
from pyreport.desk.copies import Copy, copy_in, plugin_copies, version_of
from pyreport.desk.known_answers import Answers, answers_of, expected, loaded_plugins
from pyreport.desk.parts import Part
from pyreport.desk.sandbox_layers import layers_here, refused_layers
from pyreport.desk.wireshark import NO_LUA_FOR_ROOT, Folders, Program, ask_folders, find_programs

#: Variables by which Wireshark looks elsewhere for its settings, plugins and data begin so (wireshark(1)).
WIRESHARKS = "WIRESHARK_"
#: Others that do: where a system keeps settings, and which tshark this program takes.
VARIABLES = ("XDG_CONFIG_HOME", LOCATION_VARIABLE)


class Parts(Struct, frozen=True):
    """What should be installed."""

    plugin: Part
    profile: Part


def check_up(parts: Parts, location: str | None, environ: Mapping[str, str]) -> Iterator[Finding]:
    """All that is found, as it is found: the programs, the folders, the plugin at work, pyreport itself."""
    yield works(claim("doctor-pyreport", version=__version__, python=platform.python_version()))
    yield from check_wireshark(parts, location, environ)
    yield from _sandbox(location, environ)
    yield from _pdf()


def check_wireshark(parts: Parts, location: str | None, environ: Mapping[str, str]) -> Iterator[Finding]:
    """What is found of the user's own Wireshark, with the plugin and the profile."""
    programs = find_programs(location, environ)
    yield from _programs(programs)
    yield from _variables(environ)
    tshark = next((program for program in programs if program.is_tshark), None)
    if tshark is not None:
        with suppress(ToolError):  # said of the program before: too old, or without Lua
            yield from _desk(parts, tshark, ask_folders(tshark, environ), environ)
        yield from _rights(capture_rights(tshark, environ))


def _programs(programs: Sequence[Program]) -> Iterator[Finding]:
    for program in programs:
        path = str(program.path)
        if not program.lua:
            yield trouble(claim("doctor-no-lua", program=path, version=program.version), claim("doctor-no-lua-cure"))
        elif not program.runs_plugin:
            yield trouble(claim("doctor-old", program=path, version=program.version), claim("doctor-old-cure"))
        else:
            yield works(claim("doctor-program", program=path, version=program.version, lua=program.lua))
        if os.geteuid() == 0 and program.is_tshark:
            yield _root(program)
    kinds = {program.is_tshark for program in programs}
    if True not in kinds:
        yield trouble(claim("doctor-no-tshark"), claim("doctor-no-tshark-cure"))
    if False not in kinds:
        yield note(claim("doctor-no-wireshark"))
    if len({program.version for program in programs}) > 1:
        yield note(claim("doctor-versions-differ"), claim("doctor-versions-differ-cure"))


def _root(tshark: Program) -> Finding:
    if tshark.release >= NO_LUA_FOR_ROOT:
        return trouble(claim("doctor-root", version=tshark.version), claim("doctor-root-cure"))
    return note(claim("doctor-root-later", version=tshark.version), claim("doctor-root-cure"))


def _variables(environ: Mapping[str, str]) -> Iterator[Finding]:
    for name in sorted(environ):
        if environ[name] and (name in VARIABLES or name.startswith(WIRESHARKS)):
            yield note(claim("doctor-variable", name=name, value=environ[name]))


def _desk(parts: Parts, tshark: Program, folders: Folders, environ: Mapping[str, str]) -> Iterator[Finding]:
    """The plugin and the profile in the folders of this tshark."""
    copies = plugin_copies(folders)
    profiles = [
        copy_in(folders.profiles(system=system) / parts.profile.name, parts.profile) for system in (False, True)
    ]
    profile = next((copy for copy in profiles if copy.is_there), None)
    if not copies:
        said = claim("doctor-profile-alone", folder=str(profile.folder)) if profile else claim("doctor-not-installed")
        yield trouble(said, claim("doctor-install-cure"))
    for path in copies:
        yield _plugin_copy(copy_in(path.parent, parts.plugin), path)
    yield _profile(profile)
    loaded = loaded_plugins(tshark, environ)
    if len(copies) > 1:
        runs = str(loaded[0][0].parent) if loaded else "none"
        folder_names = tuple(str(path.parent) for path in copies)
        yield trouble(claim("doctor-two-copies", folders=folder_names, runs=runs), claim("doctor-two-copies-cure"))
    answers = answers_of(tshark, environ, profile=parts.profile.name if profile else None)
    yield from _lua_errors(answers, copies)
    if copies and not (os.geteuid() == 0 and tshark.release >= NO_LUA_FOR_ROOT):
        yield from _running(tshark, loaded, answers, environ)


def _plugin_copy(copy: Copy, path: Path) -> Finding:
    folder, version = str(copy.folder), version_of(path)
    lacking = tuple(name for name in copy.part.files if not (copy.folder / name).exists())
    if version == __version__ and lacking:
        return trouble(claim("doctor-plugin-incomplete", folder=folder, files=lacking), claim("doctor-install-cure"))
    if version != __version__:
        return note(
            claim("doctor-plugin-version", folder=folder, version=version or "?", ours=__version__),
            claim("doctor-install-cure"),
        )
    if not copy.has_all_of_the_part:
        return note(claim("doctor-plugin-changed", folder=folder), claim("doctor-install-cure"))
    return works(claim("doctor-plugin", folder=folder, version=version))


def _profile(copy: Copy | None) -> Finding:
    if copy is None:
        return note(claim("doctor-no-profile"), claim("doctor-install-cure"))
    folder = str(copy.folder)
    if copy.has_all_of_the_part:
        return works(claim("doctor-profile", folder=folder, version=__version__))
    if copy.manifest is not None and not copy.changed:
        return note(
            claim("doctor-profile-version", folder=folder, version=copy.manifest.version, ours=__version__),
            claim("doctor-install-cure"),
        )
    return note(claim("doctor-profile-changed", folder=folder), claim("doctor-profile-changed-cure"))


def _lua_errors(answers: Answers, copies: Sequence[Path]) -> Iterator[Finding]:
    ours = {path.parent for path in copies}
    for error in answers.errors:
        if error.script and Path(error.script).parent not in ours:
            yield note(
                claim("doctor-other-plugin", script=error.script, text=error.text), claim("doctor-other-plugin-cure")
            )
        else:
            yield trouble(claim("doctor-plugin-error", text=error.text), claim("doctor-plugin-error-cure"))


def _running(
    tshark: Program, loaded: Sequence[tuple[Path, str]], answers: Answers, environ: Mapping[str, str]
) -> Iterator[Finding]:
    """Whether the plugin that this tshark loads finds what it should."""
    for complaint in answers.complaints:
        yield note(claim("doctor-complaint", text=complaint), claim("doctor-profile-changed-cure"))
    if answers.findings is None:
        yield trouble(claim("doctor-not-loaded", program=str(tshark.path)), claim("doctor-not-loaded-cure"))
        return
    try:
        with open_tshark(str(tshark.path), environ=environ) as ours:
            wanted = expected(ours)
    except ToolError:
        return  # said of the sandbox
    version = loaded[0][1] if loaded else "?"
    differing = tuple(
        frame for frame in sorted({*wanted, *answers.findings}) if wanted.get(frame) != answers.findings.get(frame)
    )
    if not differing:
        yield works(claim("doctor-answers", version=version, frames=len(wanted)))
    elif version == __version__:
        yield trouble(
            claim("doctor-answers-differ", version=version, count=len(differing), first=FrameNumber(differing[0])),
            claim("doctor-answers-differ-cure"),
        )
    else:
        yield note(
            claim("doctor-answers-of-other-version", version=version, ours=__version__, count=len(differing)),
            claim("doctor-install-cure"),
        )


def _rights(rights: Rights) -> Iterator[Finding]:
    match rights:
        case Rights.GRANTED:
            yield works(claim("doctor-may-capture"))
        case Rights.NO_DUMPCAP:
            yield note(claim("doctor-no-dumpcap"))
        case Rights.NOT_RUN | Rights.REFUSED:
            yield note(claim("doctor-may-not-capture"), claim("doctor-may-not-capture-cure"))


def _sandbox(location: str | None, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Whether pyreport can read captures, and how well it is shut in while it does."""
    try:
        with open_tshark(location, environ=environ) as tshark:
            version = tshark.version
            layers, refused = layers_here(tshark.sandbox), refused_layers(tshark.sandbox)
    except ToolError as error:
        yield trouble(claim("doctor-sandbox-fails", text=str(error)), claim("doctor-sandbox-fails-cure"))
        return
    yield works(claim("doctor-sandbox", version=version, oldest=".".join(map(str, OLDEST_VERSION))))
    for layer in refused:
        yield note(claim("doctor-layer-refused", layer=layer), claim("doctor-layer-refused-cure", layer=layer))
    if not refused:
        yield works(claim("doctor-layers", layers=tuple(claim("doctor-layer", layer=layer) for layer in layers)))


def _pdf() -> Iterator[Finding]:
    """Whether a PDF can be written: WeasyPrint needs libraries of the system."""
    try:
        importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        yield trouble(claim("doctor-no-pdf", text=str(error).splitlines()[0]), claim("doctor-no-pdf-cure"))
    else:
        yield works(claim("doctor-pdf"))
