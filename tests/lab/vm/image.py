"""The kernel and the initial file system of the virtual machine, from Debian's packages."""

from __future__ import annotations

import gzip
import re
import shutil
from pathlib import Path

from tests.lab.topology import LabError, run

KERNEL = "linux-image-cloud-amd64"
# In the order in which they are loaded.
MODULES = (
    *("virtio_ring", "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci"),
    *("failover", "net_failover", "virtio_net"),
)
PROGRAMS = ("busybox", "socat", "tcpdump")


def build(folder: Path, values: dict[str, str]) -> tuple[Path, Path]:
    """The kernel and the initial file system, made in `folder`. `values` are put into `init.sh` for the words there.

    Downloads the kernel's package with apt-get. Raises LabError when something is missing.
    """
    unpacked, root = folder / "package", folder / "root"
    _download(folder, unpacked)
    for name in ("bin", "lib", "lib64", "modules", "proc", "sys", "dev", "tmp", "etc"):
        (root / name).mkdir(parents=True, exist_ok=True)
    for module in MODULES:
        shutil.copy(_only(unpacked, f"{module}.ko"), root / "modules")
    for program in PROGRAMS:
        _copy_program(program, root)
    (root / "etc" / "passwd").write_text("root:x:0:0::/:/bin/sh\n")
    (root / "etc" / "group").write_text("root:x:0:\n")
    script = Path(__file__).with_name("init.sh").read_text()
    for word, value in values.items():
        script = re.sub(rf"\b{word}\b", value, script)
    (root / "init").write_text(script)
    (root / "init").chmod(0o755)
    archive = folder / "initrd.gz"
    made = folder / "initrd"
    run(["sh", "-c", f"cd {root} && find . | busybox cpio -o -H newc > {made}"])
    archive.write_bytes(gzip.compress(made.read_bytes(), 1))
    return _only(unpacked / "boot", "vmlinuz-*"), archive


def _download(folder: Path, unpacked: Path) -> None:
    names = re.findall(r"Depends: (linux-image-[0-9]\S+)", run(["apt-cache", "depends", KERNEL]))
    if not names:
        raise LabError(f"apt knows no {KERNEL}: run apt-get update")
    run(["sh", "-c", f"cd {folder} && apt-get download {names[0]}"])
    run(["dpkg-deb", "-x", str(_only(folder, "linux-image-*.deb")), str(unpacked)])


def _copy_program(program: str, root: Path) -> None:
    path = shutil.which(program)
    if path is None:
        raise LabError(f"the virtual machine needs {program}")
    shutil.copy(path, root / "bin" / program)
    # busybox-static has no libraries, and ldd fails on it.
    libraries = run(["sh", "-c", f"ldd {path} 2>/dev/null || true"])
    for library in re.findall(r"(?:=> )(/\S+)", libraries):
        shutil.copy(library, root / "lib")
    for loader in re.findall(r"^\s+(/lib64/\S+)", libraries, re.MULTILINE):
        shutil.copy(loader, root / "lib64")


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.rglob(pattern))
    if not found:
        raise LabError(f"{folder} has no {pattern}")
    return found[-1]
