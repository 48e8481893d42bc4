"""Puts the plugin and the profile into the folders of the user's Wireshark, and updates them.

Only files of ours are replaced. A file of the user's that stands in the plugin's way is moved aside, and comes back
when the plugin is removed. A profile that the user changed stays, and the new one is put beside it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from pyreport import __version__
from pyreport.base.claim import Claim, claim
from pyreport.base.errors import InputError
from pyreport.desk.copies import Copy, copy_in, plugin_copies
from pyreport.desk.manifest import NAME, Manifest, digest, encode
from pyreport.desk.parts import WRITTEN_BY_WIRESHARK, Part
from pyreport.desk.plan import Act, Plan, Step, folders_to_make
from pyreport.desk.wireshark import Folders

ASIDE = ".before-keepalive"


class Stamp(Struct, frozen=True):
    """What the note of an installation says of who made it."""

    program: str = ""
    version: str = __version__


def plan_install(folders: Folders, plugin: Part, profile: Part, stamp: Stamp, *, system: bool = False) -> Plan:
    """What an installation has to do. Raises InputError where something of the user's is in the way."""
    plugins = folders.plugins(system=system)
    first = _plugin_plan(plugins / plugin.name, plugin, stamp)
    second = _profile_plan(folders.profiles(system=system), profile, stamp)
    ours = plugins / plugin.name
    others = [path.parent for path in plugin_copies(folders) if path.parent != ours]
    said = [claim("install-other-copy", folder=str(other), ours=str(ours)) for other in others]
    # Both may need the same new folder.
    steps = tuple(dict.fromkeys((*first.steps, *second.steps)))
    return Plan(steps, (*first.said, *second.said, *said), for_all=system)


def _plugin_plan(folder: Path, part: Part, stamp: Stamp) -> Plan:
    copy = _copy_in(folder, part)
    steps = _write_folder(copy, stamp)
    aside = [step for step in steps if step.act is Act.MOVE]
    said = [_what_was_done("plugin", copy, stamp, steps)]
    said += [claim("install-set-aside", file=str(step.path), now=str(step.target)) for step in aside]
    return Plan(tuple(steps), tuple(said))


def _profile_plan(profiles: Path, part: Part, stamp: Stamp) -> Plan:
    copy = _copy_in(profiles / part.name, part)
    if copy.is_empty or not copy.changed:
        steps = _write_folder(copy, stamp)
        return Plan(tuple(steps), (_what_was_done("profile", copy, stamp, steps),))
    if copy.manifest is not None and _digests(part) == copy.manifest.files:
        return Plan((), (claim("install-profile-changed", folder=str(copy.folder), version=stamp.version),))
    beside = _copy_in(profiles / f"{part.name}-{stamp.version}", part)
    if beside.is_there and beside.changed:
        return Plan((), (claim("install-both-profiles-changed", folder=str(copy.folder), beside=str(beside.folder)),))
    steps = _write_folder(beside, stamp)
    said = claim("install-profile-beside", folder=str(copy.folder), beside=str(beside.folder), version=stamp.version)
    return Plan(tuple(steps), (said,))


def _what_was_done(part: str, copy: Copy, stamp: Stamp, steps: list[Step]) -> Claim:
    """Said of a folder that was written, or had nothing to write."""
    before = copy.manifest.version if copy.manifest else ""
    if not steps:
        return claim("install-is-there", part=part, version=stamp.version, folder=str(copy.folder))
    if before and before != stamp.version:
        return claim("install-updated", part=part, version=stamp.version, before=before, folder=str(copy.folder))
    return claim("install-written", part=part, version=stamp.version, folder=str(copy.folder))


def _copy_in(folder: Path, part: Part) -> Copy:
    if folder.is_symlink():
        raise InputError(
            f"{folder} is a symbolic link to {folder.readlink()}, which is not touched: remove the link, then try "
            "again."
        )
    return copy_in(folder, part)


def _digests(part: Part) -> dict[str, tuple[str, ...]]:
    return {name: (digest(content),) for name, content in part.files.items()}


def _write_folder(copy: Copy, stamp: Stamp) -> list[Step]:
    """The steps that make a folder hold this part. The note is written first, with what was there before and what will
    be: what an interrupted update leaves behind is still known as ours.
    """
    folder, part, old = copy.folder, copy.part, copy.manifest
    made = folders_to_make(folder)
    # A copy by hand of these very files is taken over, so it goes with the rest; so is what an interrupt left empty.
    is_taken_over = old is None and copy.is_there and (copy.has_all_of_the_part or copy.is_empty)
    aside: dict[str, str] = dict(old.set_aside) if old else {}
    changes: list[Step] = []
    for name, content in part.files.items():
        path = folder / name
        if _needs_writing(copy, name, content):
            if os.path.lexists(path) and not (old and old.is_ours(folder, name)):
                changes.append(_move_aside(path, aside))
            changes.append(Step(Act.WRITE, path, content))
    for name in old.files if old else ():
        path = folder / name
        if name not in part.files and os.path.lexists(path):
            is_ours = old is not None and old.is_ours(folder, name)
            changes.append(Step(Act.REMOVE, path) if is_ours else _move_aside(path, aside))
    final = Manifest(
        stamp.version,
        _digests(part),
        made=(*(old.made if old else ()), *map(str, [folder] if is_taken_over else made)),
        set_aside=aside,
        program=stamp.program,
    )
    if not changes and final == old:
        return []
    steps = [Step(Act.MAKE_FOLDER, path) for path in made]
    if changes:
        files = _merged(final.files, old.files if old else {})
        both = msgspec.structs.replace(final, files=files, is_complete=False)
        steps.append(Step(Act.WRITE, folder / NAME, encode(both)))
    return [*steps, *changes, Step(Act.WRITE, folder / NAME, encode(final))]


def _needs_writing(copy: Copy, name: str, content: bytes) -> bool:
    path = copy.folder / name
    if not os.path.lexists(path):
        return True
    if name in WRITTEN_BY_WIRESHARK and not (copy.manifest and copy.manifest.is_ours(copy.folder, name)):
        return False
    return path.is_symlink() or digest(content) not in _digest_there(path)


def _digest_there(path: Path) -> tuple[str, ...]:
    return (digest(path.read_bytes()),) if path.is_file() else ()


def _merged(new: Mapping[str, tuple[str, ...]], old: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    names = [*new, *(name for name in old if name not in new)]
    return {name: tuple(dict.fromkeys((*new.get(name, ()), *old.get(name, ())))) for name in names}


def _move_aside(path: Path, aside: dict[str, str]) -> Step:
    """Moves a file of the user's to a name that Wireshark does not load, and notes it."""
    target = path.with_name(path.name + ASIDE)
    count = 1
    while os.path.lexists(target):
        count += 1
        target = path.with_name(f"{path.name}{ASIDE}-{count}")
    aside[target.name] = path.name
    return Step(Act.MOVE, path, target=target)
