"""What is given away, of wrong inputs: redacted outputs without the originals, and bundles that are verified."""

from __future__ import annotations

import functools
import hashlib
import io
import json
import re
import struct
import zipfile
from ipaddress import ip_address
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz import seeds
from tests.fuzz.capture_files import mutated_capture
from tests.fuzz.cases import Case, Wrong
from tests.fuzz.commands import OPTIONS
from tests.fuzz.documents import wrong_documents
from tests.fuzz.place import Run, place_for, run
from tests.fuzz.texts import hostile_text

#: So many bytes of the payload are no accident.
ACCIDENT = 8
MANIFEST = "manifest.json"
BUNDLE = "bundle.zip"
VALUES: tuple[Any, ...] = (None, -1, 0, 2**63, 10**30, 1.5, "", "x", [], {}, True, "../x", "\x1b[31m", "9" * 300)


def make_redact(chance: Random) -> Case:
    """A capture with planted secrets to be redacted: annotated, or in a report's JSON, HTML and bundle."""
    octets = mutated_capture(seeds.planted(chance), chance, seeds.planted(chance))
    key = ("--redact", "--redaction-key", "key.json")
    if chance.random() < 0.7:
        return Case("redact", (("c.pcap", octets),), ("annotate", "in/c.pcap", "-o", "out/a.pcapng", *key))
    outputs = chance.choice((("r.json", "r.html"), ("r.json", "r.zip")))
    words = [word for name in outputs for word in (OPTIONS[Path(name).suffix], f"out/{name}")]
    return Case("redact", (("c.pcap", octets),), ("report", "in/c.pcap", *words, *key))


def wrong_redact(case: Case) -> Wrong | None:
    """Of a redacted output: nothing that was planted is in it."""
    outputs = tuple(Path(word).name for word in case.arguments if word.startswith("out/"))
    with place_for(case) as folder:
        done = run(folder, case.arguments)
        if done.wrong or done.status:
            return done.wrong
        return wrong_documents(done, outputs) or _wrong_leak(done, outputs)


def _wrong_leak(done: Run, outputs: tuple[str, ...]) -> Wrong | None:
    secrets = {f"{at}": re.escape(seeds.PAYLOAD[at : at + ACCIDENT]) for at in range(len(seeds.PAYLOAD) - ACCIDENT)}
    for address in seeds.PLANTED_ADDRESSES:
        secrets[address] = rb"(?<!\d)" + re.escape(address.encode()) + rb"(?!\d)"
        secrets[f"packed {address}"] = re.escape(ip_address(address).packed)
    for name in outputs:
        content = (done.out / name).read_bytes()
        parts = {name: content}
        if name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts = {entry: archive.read(entry) for entry in archive.namelist() if not entry.endswith(".pdf")}
        for part, octets in parts.items():
            for secret, spelled in secrets.items():
                if re.search(spelled, octets):
                    return Wrong("a secret in a redacted output", f"{secret} in {part}")
    return None


@functools.cache
def _bundle() -> tuple[tuple[str, bytes], ...]:
    """The files of a bundle that nothing is wrong with."""
    capture = (("c.pcap", seeds.planted(Random(5))),)
    with place_for(Case("bundle", capture)) as folder:
        done = run(folder, ("report", "in/c.pcap", "--bundle", "out/b.zip"))
        assert done.status == 0, done.stderr
        with zipfile.ZipFile(done.out / "b.zip") as archive:
            return tuple((name, archive.read(name)) for name in archive.namelist())


def make_verify(chance: Random) -> Case:
    """An archive with something wrong in its files, in its manifest or in itself; or the folder that it unpacks to."""
    files = dict(_bundle())
    if chance.random() < 0.5:
        files[MANIFEST] = _wrong_manifest(files[MANIFEST], chance)
    if chance.random() < 0.3:
        name = chance.choice(list(files))
        octets = bytearray(files[name])
        octets[chance.randrange(len(octets))] ^= 1
        files[name] = bytes(octets)
    if chance.random() < 0.2:
        del files[chance.choice(list(files))]
    if chance.random() < 0.2:
        hostile = hostile_text(chance)[:60].strip("\0") or "y"
        files[chance.choice(("x", "a/b", "../x", "/x", "x\\y", "C:x", hostile))] = b"x"
    octets = _archive(files, chance)
    for _ in range(chance.choice((0, 0, 1, 3))):
        octets[-1 - int(len(octets) * chance.random() ** 4)] = chance.randrange(256)
    if chance.random() < 0.1:
        del octets[chance.randrange(len(octets)) :]
    if chance.random() < 0.1:
        octets[0:0] = chance.randbytes(chance.randrange(1, 40))
    return Case("verify", ((BUNDLE, bytes(octets)),), ("verify", f"in/{BUNDLE}"))


def _archive(files: dict[str, bytes], chance: Random) -> bytearray:
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name.encode("utf-8", "replace").decode())
            entry.compress_type = archive.compression
            if chance.random() < 0.03:
                entry.external_attr = chance.choice((0o120777, 0o040755, 0o010644, 0o100644)) << 16
            archive.writestr(entry, content)
        if chance.random() < 0.05:
            archive.comment = b"x" * 20
    return bytearray(octets.getvalue())


def _wrong_manifest(content: bytes, chance: Random) -> bytes:
    document = json.loads(content)
    place: Any = document
    for _ in range(chance.randrange(1, 4)):
        keys: list[Any] = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = chance.choice(keys)
        if not isinstance(place[key], dict | list) or not place[key]:
            break
        if chance.random() < 0.7:
            place = place[key]
    keys = list(place) if isinstance(place, dict) else list(range(len(place)))
    key = chance.choice(keys)
    match chance.randrange(4):
        case 0:
            place[key] = chance.choice(VALUES)
        case 1:
            place[key] = hostile_text(chance)
        case 2:
            del place[key]
        case _ if isinstance(place, list):
            place.append(place[key])
        case _:
            place["more"] = place[key]
    text = json.dumps(document).encode()
    return text if chance.random() < 0.8 else text[: chance.randrange(len(text))] + chance.choice((b"", b"[" * 5000))


def wrong_verify(case: Case) -> Wrong | None:
    """Of a bundle: what is called the same as its manifest says is that."""
    with place_for(case) as folder:
        done = run(folder, case.arguments)
        if done.wrong is not None or done.status in (1, 4):
            return done.wrong
        return Wrong(f"status {done.status}", done.stderr) if done.status else _wrong_sameness(case.files[0][1])


def _wrong_sameness(octets: bytes) -> Wrong | None:
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            found = {name: archive.read(name) for name in archive.namelist()}
        listed = {entry["name"]: entry["sha256"] for entry in json.loads(found.pop(MANIFEST))["files"]}
    except (zipfile.BadZipFile, struct.error, KeyError, ValueError) as error:
        return Wrong("no bundle, and verified", f"{error!r}")
    same = listed == {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}
    return None if same else Wrong("changed, and verified")
