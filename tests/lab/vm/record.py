"""Record what a virtual machine that stands still looks like, inside and outside. Needs root; `make lab-vm`.

    python -m tests.lab.vm.record FOLDER

The machine runs in QEMU without hardware support (TCG), in a network namespace; a server there closes what is idle for
`LIMIT_S`. For each way to stand still the folder gets KIND-inside.pcap (at the guest's eth0) and KIND-outside.pcap (at
the tap device), and KIND.json with what was done and when.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.lab.topology import LabError, inside, run, run_in
from tests.lab.vm.image import build

HOST, GUEST, PORT = "10.98.0.1", "10.98.0.2", 9092
LIMIT_S, STANDS_S = 14, 22
LATE_S, LASTS_S = 25, 38
BOOTS_WITHIN_S, ENDS_WITHIN_S = 300, 400
# The server runs in the namespace as `python -c`: it answers each request and closes after the limit.
SERVER = f"""
import socket, threading
def serve(end):
    end.settimeout({LIMIT_S})
    try:
        while end.recv(1000):
            end.sendall(b"well")
    except OSError:
        pass
    end.close()
listener = socket.create_server(("{HOST}", {PORT}))
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""


@dataclass
class Machine:
    """A running virtual machine: its process, and its control socket (QMP)."""

    process: subprocess.Popen[bytes]
    control: Path
    done: list[tuple[float, str]] = field(default_factory=list)

    def tell(self, *commands: str) -> None:
        """Give QMP commands, a pause of `STANDS_S` between them."""
        with socket.socket(socket.AF_UNIX) as connected:
            connected.connect(str(self.control))
            stream = connected.makefile("rw")
            stream.readline()
            for number, command in enumerate(("qmp_capabilities", *commands)):
                if number > 1:
                    time.sleep(STANDS_S)
                print(json.dumps({"execute": command}), file=stream, flush=True)
                stream.readline()
                self.done.append((time.time(), command))

    def pause(self) -> None:
        """Paused by the hypervisor: the guest's clocks stand."""
        self.tell("stop", "cont")

    def stall(self) -> None:
        """The hypervisor itself is stopped: the guest's clocks jump when it goes on."""
        for number in (signal.SIGSTOP, signal.SIGCONT):
            self.process.send_signal(number)
            self.done.append((time.time(), number.name))
            if number is signal.SIGSTOP:
                time.sleep(STANDS_S)


KINDS: dict[str, Callable[[Machine], None]] = {"pause": Machine.pause, "stall": Machine.stall}


def record(kind: str, folder: Path, kernel: Path, initrd: Path) -> None:
    """One run of the machine. Raises LabError when it does not boot or does not end."""
    namespace = f"kalab-vm-{os.getpid()}"
    run(["ip", "netns", "add", namespace])
    running: list[subprocess.Popen[bytes]] = []
    try:
        for command in (
            "link set lo up", "tuntap add tap0 mode tap", f"addr add {HOST}/24 dev tap0", "link set tap0 up",
        ):  # fmt: skip
            run_in(namespace, ["ip", *command.split()])
        outside = ["tcpdump", "-i", "tap0", "-n", "-U", "-Z", "root", "-w", str(folder / f"{kind}-outside.pcap")]
        running += [_start(namespace, outside), _start(namespace, [sys.executable, "-c", SERVER])]
        console, control = folder / f"{kind}.console", folder / f"{kind}.qmp"
        qemu = ["qemu-system-x86_64", "-accel", "tcg", "-m", "256", "-display", "none", "-no-reboot"]
        qemu += ["-kernel", str(kernel), "-initrd", str(initrd), "-append", "console=ttyS0 quiet no_timer_check"]
        qemu += ["-serial", f"file:{console}", "-serial", f"file:{folder / f'{kind}-inside.pcap'}"]
        qemu += ["-netdev", "tap,id=net,ifname=tap0,script=no,downscript=no", "-device", "virtio-net-pci,netdev=net"]
        qemu += ["-qmp", f"unix:{control},server,nowait"]
        machine = Machine(_start(namespace, qemu), control)
        running.append(machine.process)
        _wait(lambda: console.exists() and "READY" in console.read_text(errors="replace"), BOOTS_WITHIN_S)
        KINDS[kind](machine)
        _wait(lambda: machine.process.poll() is not None, ENDS_WITHIN_S)
        (folder / f"{kind}.json").write_text(json.dumps(machine.done))
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()
        run(["ip", "netns", "delete", namespace])


def _start(namespace: str, command: list[str]) -> subprocess.Popen[bytes]:
    nothing = subprocess.DEVNULL
    return subprocess.Popen(inside(namespace, command), stdin=nothing, stdout=nothing, stderr=nothing)


def _wait(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise LabError(f"the virtual machine took more than {seconds} s")
        time.sleep(0.2)


def main(folder: str) -> None:
    """See the module's description."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    words = {"HOST": HOST, "GUEST": GUEST, "PORT": str(PORT), "LATE": str(LATE_S), "LASTS": str(LASTS_S)}
    with tempfile.TemporaryDirectory() as made:
        kernel, initrd = build(Path(made), words)
        for kind in KINDS:
            record(kind, place, kernel, initrd)


if __name__ == "__main__":
    main(*sys.argv[1:])
