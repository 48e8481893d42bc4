"""Removes what an installation put into the folders of the user's Wireshark, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

from pyreport.base.claim import Claim, claim
from pyreport.desk.copies import Copy, copy_in, installed_profiles
from pyreport.desk.manifest import NAME, Manifest
from pyreport.desk.parts import WRITTEN_BY_WIRESHARK, Part
from pyreport.desk.plan import Act, Plan, Step
from pyreport.desk.wireshark import Folders

KEPT = ".kept"


def plan_uninstall(folders: Folders, plugin: Part, profile: Part, *, system: bool = False) -> Plan:
    """What the removal has to do. A changed profile stays whole; of the plugin, a changed file stays, under a name that
    Wireshark does not load.
    """
    removal = _Removal()
    removal.plugin(copy_in(folders.plugins(system=system) / plugin.name, plugin))
    profiles = folders.profiles(system=system)
    for copy in installed_profiles(profiles, profile):
        removal.profile(copy)
    by_hand = copy_in(profiles / profile.name, profile)
    if by_hand.is_there and by_hand.manifest is None:
        removal.said.append(claim("uninstall-not-ours", folder=str(by_hand.folder)))
    removal.folders()
    if not removal.steps and not removal.said:
        removal.said.append(claim("uninstall-nothing"))
    return Plan(tuple(removal.steps), tuple(removal.said), for_all=system)


class _Removal:
    """Collects the steps; ``gone`` is what will not be there any more."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.said: list[Claim] = []
        self.gone: set[Path] = set()
        self.made: set[Path] = set()

    def plugin(self, copy: Copy) -> None:
        """The plugin's folder."""
        if copy.manifest is None:
            if copy.is_there:
                self.said.append(claim("uninstall-not-ours", folder=str(copy.folder)))
            return
        self._files(copy, copy.manifest)
        self.said.append(claim("uninstall-removed", part="plugin", folder=str(copy.folder)))

    def profile(self, copy: Copy) -> None:
        """The folder of one profile."""
        assert copy.manifest is not None
        if copy.changed or copy.strangers:
            self._remove(copy.folder / NAME)
            files = (*copy.changed, *copy.strangers)
            self.said.append(claim("uninstall-profile-kept", folder=str(copy.folder), files=files))
            return
        self._files(copy, copy.manifest)
        for name in WRITTEN_BY_WIRESHARK:
            if os.path.lexists(copy.folder / name) and copy.folder / name not in self.gone:
                self._remove(copy.folder / name)
        self.said.append(claim("uninstall-removed", part="profile", folder=str(copy.folder)))

    def _files(self, copy: Copy, manifest: Manifest) -> None:
        for name in manifest.files:
            path = copy.folder / name
            if not os.path.lexists(path):
                continue
            if name in WRITTEN_BY_WIRESHARK or manifest.is_ours(copy.folder, name):
                self._remove(path)
            else:
                self._keep(path)
        for now, before in manifest.set_aside.items():
            if os.path.lexists(copy.folder / now):
                self._bring_back(copy.folder / now, copy.folder / before)
        self._remove(copy.folder / NAME)
        made = set(map(Path, manifest.made))
        # Of a profile for all users Wireshark makes each user a copy, with the note of where that one lies.
        is_copied = bool(made) and not any(folder == copy.folder or folder in copy.folder.parents for folder in made)
        self.made |= {copy.folder} if is_copied else made

    def _remove(self, path: Path) -> None:
        self.steps.append(Step(Act.REMOVE, path))
        self.gone.add(path)

    def _keep(self, path: Path) -> None:
        target = path.with_name(path.name + KEPT)
        if os.path.lexists(target):
            return
        self.steps.append(Step(Act.MOVE, path, target=target))
        self.said.append(claim("uninstall-file-kept", file=str(path), now=str(target)))

    def _bring_back(self, path: Path, target: Path) -> None:
        self.steps.append(Step(Act.MOVE, path, target=target))
        self.said.append(claim("uninstall-brought-back", file=str(target)))

    def folders(self) -> None:
        """The folders that were made for it, where they hold nothing else, the innermost first."""
        for folder in sorted(self.made, key=lambda path: len(path.parts), reverse=True):
            if folder.is_dir() and not folder.is_symlink() and set(folder.iterdir()) <= self.gone:
                self.steps.append(Step(Act.REMOVE_FOLDER, folder))
                self.gone.add(folder)
