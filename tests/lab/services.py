"""Real services of Debian's packages in the namespaces, each with an idle limit of its own, and real clients that idle
past it.

A client writes what it is told, and when, into its log: the lines that its user would paste.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.lab import http_client
from tests.lab.topology import CLIENT_ADDRESS, SERVER_ADDRESS, LabError, Topology, capture, inside, run, topology

LIMIT_S = 5
#: A client asks again so long after the close: it then learns of it.
NOTICED_AFTER_S = 0.5
#: Clients begin so far apart.
APART_S = 2.0
CLIENTS = 3
WITHIN_S = 60
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
POSTGRESQL = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name)[-1:]


@dataclass(frozen=True, slots=True)
class RealService:
    """A service and its client. ``prepare`` makes the files of the service in a folder; ``command`` runs it in the
    foreground; ``client`` is a program that takes one line of ``asks`` after the other.
    """

    name: str
    port: int
    prepare: Callable[[Path], None]
    command: Callable[[Path], Sequence[str]]
    client: Sequence[str]
    ask: str
    clients: int = CLIENTS


@dataclass(frozen=True, slots=True)
class Client:
    """What became of a client: when its connection was seen closed, when it asked again, and what it wrote then, each
    line with that time.
    """

    closed_ns: int
    told_ns: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Idled:
    """What happened: the captures by side, and the clients, in the order in which they began."""

    captures: dict[str, Path]
    clients: tuple[Client, ...]


def _write(name: str, text: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / name).write_text(text.replace("FOLDER", str(folder)))

    return write


NGINX = f"""
daemon off; master_process off; pid FOLDER/nginx.pid; error_log stderr; events {{ }}
http {{
  access_log off; client_body_temp_path FOLDER/body; proxy_temp_path FOLDER/proxy; fastcgi_temp_path FOLDER/fastcgi;
  uwsgi_temp_path FOLDER/uwsgi; scgi_temp_path FOLDER/scgi;
  server {{ listen {SERVER_ADDRESS}:80; keepalive_timeout {LIMIT_S}s; location / {{ return 200 "well"; }} }}
}}
"""
HAPROXY = f"""
global
  log stdout format raw local0
defaults
  mode http
  timeout connect 2s
  timeout server 60s
  timeout client 60s
  timeout http-keep-alive {LIMIT_S}s
frontend front
  bind {SERVER_ADDRESS}:8080
  http-request return status 200 content-type text/plain string well
"""


def _prepare_postgresql(folder: Path) -> None:
    run([*NOBODY, f"{POSTGRESQL[0]}/initdb", "-D", f"{folder}/data", "-U", "app", "-A", "trust", "--no-sync"])
    with (folder / "data" / "pg_hba.conf").open("a") as access:
        access.write(f"host all all {CLIENT_ADDRESS}/32 trust\n")


def _postgresql(folder: Path) -> Sequence[str]:
    settings = {
        "listen_addresses": SERVER_ADDRESS, "unix_socket_directories": "", "idle_session_timeout": f"{LIMIT_S}s",
        "fsync": "off",
    }  # fmt: skip
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return [*NOBODY, f"{POSTGRESQL[0]}/postgres", "-D", f"{folder}/data", *options]


def _prepare_mariadb(folder: Path) -> None:
    options = [
        f"--datadir={folder}/data",
        "--user=nobody",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
    ]
    run(["mariadb-install-db", "--no-defaults", *options])
    (folder / "init.sql").write_text(
        f"CREATE USER app@'{CLIENT_ADDRESS}';\nGRANT ALL ON *.* TO app@'{CLIENT_ADDRESS}';\n"
    )


def _mariadb(folder: Path) -> Sequence[str]:
    return [
        "mariadbd", "--no-defaults", f"--datadir={folder}/data", "--user=nobody", f"--bind-address={SERVER_ADDRESS}",
        f"--socket={folder}/socket", f"--wait-timeout={LIMIT_S}", f"--interactive-timeout={LIMIT_S}",
        f"--init-file={folder}/init.sql", "--skip-name-resolve", f"--pid-file={folder}/pid",
    ]  # fmt: skip


def _nothing(folder: Path) -> None:
    del folder


HTTP_CLIENT = (sys.executable, "-I", str(http_client.__file__), SERVER_ADDRESS)

SERVICES = (
    RealService(
        "redis", 6379, _nothing,
        lambda folder: ["redis-server", "--bind", SERVER_ADDRESS, "--protected-mode", "no", "--timeout", str(LIMIT_S),
                        "--save", "", "--dir", str(folder)],
        ("redis-cli", "-h", SERVER_ADDRESS), "PING",
        clients=1,  # it looks once a second, so the ages of several differ
    ),
    RealService(
        "nginx", 80, _write("nginx.conf", NGINX),
        lambda folder: ["nginx", "-p", str(folder), "-c", f"{folder}/nginx.conf"],
        (*HTTP_CLIENT, "80"), "/",
    ),
    RealService(
        "postgresql", 5432, _prepare_postgresql, _postgresql,
        ("psql", "-X", "-h", SERVER_ADDRESS, "-U", "app", "-d", "postgres"), "SELECT 1;",
    ),
    RealService(
        "haproxy", 8080, _write("haproxy.cfg", HAPROXY),
        lambda folder: ["haproxy", "-db", "-f", f"{folder}/haproxy.cfg"],
        (*HTTP_CLIENT, "8080"), "/",
    ),
    RealService(
        "mariadb", 3306, _prepare_mariadb, _mariadb,
        ("mariadb", "--no-defaults", "-h", SERVER_ADDRESS, "-u", "app", "--skip-ssl", "--skip-reconnect"), "SELECT 1;",
    ),
)  # fmt: skip


def idle_past_the_limit(service: RealService, place: Path) -> Idled:
    """Run a service and its clients, captured at both ends. Raises LabError when something of the lab fails."""
    place.mkdir(parents=True)
    captures = {side: place / f"{side}.pcap" for side in ("client", "server")}
    with ExitStack() as stack:
        folder = stack.enter_context(_folder_of_nobody())
        service.prepare(folder)
        net = stack.enter_context(topology())
        stack.enter_context(_running(net, service, folder, place / "service.log"))
        with capture(net.client, captures["client"]), capture(net.server, captures["server"]):
            with ThreadPoolExecutor(CLIENTS) as pool:
                clients = tuple(pool.map(lambda number: _idle(net, service, number), range(service.clients)))
            time.sleep(0.5)  # for packets on their way
        return Idled(captures, clients)


@contextmanager
def _folder_of_nobody() -> Iterator[Path]:
    """A folder that a service without rights may use; pytest's own are root's alone."""
    folder = Path(tempfile.mkdtemp(prefix="kalab-service-"))
    try:
        shutil.chown(folder, 65534, 65534)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(net: Topology, service: RealService, folder: Path, log: Path) -> Iterator[None]:
    with log.open("w") as output:
        process = subprocess.Popen(
            inside(net.server, service.command(folder)), stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + WITHIN_S
        while not _listens(net, service.port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise LabError(f"{service.name} does not start: {log.read_text()[-2000:]}")
            time.sleep(0.1)
        yield
    finally:
        process.kill()
        process.wait()


def _listens(net: Topology, port: int) -> bool:
    return bool(run(inside(net.server, ["ss", "-Hltn", f"sport = :{port}"])).strip())


def _idle(net: Topology, service: RealService, number: int) -> Client:
    """Ask, wait until the service has closed the idle connection, and ask again."""
    time.sleep(number * APART_S)
    process = subprocess.Popen(
        inside(net.client, service.client),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, bufsize=1, start_new_session=True,
    )  # fmt: skip
    assert process.stdin is not None
    try:
        process.stdin.write(f"{service.ask}\n")
        process.stdin.flush()
        _wait_until(net, service, process, is_open=True)
        _wait_until(net, service, process, is_open=False)
        closed_ns = time.time_ns()
        time.sleep(NOTICED_AFTER_S)
        told_ns = time.time_ns()
        written, _ = process.communicate(f"{service.ask}\n", timeout=WITHIN_S)
    finally:
        process.kill()
        process.wait()
    stamp = datetime.fromtimestamp(told_ns // 10**9, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    lines = [f"{stamp}.{told_ns // 10**6 % 1000:03}Z {line}" for line in written.splitlines() if line.strip()]
    return Client(closed_ns, told_ns, tuple(lines))


def _wait_until(net: Topology, service: RealService, process: subprocess.Popen[str], *, is_open: bool) -> None:
    """Until the client's connection is established, or no longer is, as its kernel says."""
    deadline = time.monotonic() + WITHIN_S
    established = ["ss", "-Htnp", "state", "established", f"dport = :{service.port}"]
    while (f"pid={process.pid}," in run(inside(net.client, established))) is not is_open:
        if time.monotonic() > deadline:
            raise LabError(f"the client of {service.name} is {'not ' if is_open else ''}connected")
        time.sleep(0.05)
