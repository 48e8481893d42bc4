"""What ``pyreport verify`` does, once its arguments are known."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from pyreport.base.claim import Moment
from pyreport.base.errors import ChangedError
from pyreport.bundle.verify import State, check_bundle
from pyreport.cli.terminal import print_line
from pyreport.words import Words


def run_verify(path: Path, stdout: Console, language: str) -> None:
    """Print how each file of a bundle stands to its manifest. Raises ChangedError when one differs, InputError when it
    is no bundle.
    """
    words = Words(language)
    checked = check_bundle(path)
    manifest = checked.manifest
    for name, state in sorted(checked.files, key=lambda found: (found[1] is State.SAME, found[0])):
        print_line(stdout, words.label("verify-file", name=name, state=state))
    print_line(
        stdout,
        words.label(
            "verify-made",
            generator=manifest.generator,
            made=Moment(manifest.made_ns),
            file=manifest.capture.file,
            digest=manifest.capture.sha256,
        ),
    )
    print_line(stdout, words.label("verify-manifest", digest=checked.manifest_sha256))
    if checked.differ:
        raise ChangedError(
            f"{path} is not as its manifest says ({checked.differ} of {len(checked.files)} files differ): ask for the "
            "bundle again."
        )
    print_line(stdout, words.label("verify-same", files=len(checked.files)))
