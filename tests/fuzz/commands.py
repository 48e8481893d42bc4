"""The commands on wrong captures and logs: scan, report, compare, log, annotate."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from tests.fuzz import seeds
from tests.fuzz.capture_files import mutated_capture
from tests.fuzz.cases import Case, Wrong
from tests.fuzz.documents import wrong_documents, wrong_silence
from tests.fuzz.pieces import whole_packets
from tests.fuzz.place import Run, place_for, run
from tests.fuzz.texts import hostile_text, mutated_line, mutated_log

NAMES = (
    "capture.pcap",
    "a b'c\".pcapng",
    "<b>x&amp;.pcap",
    "x\x1b]0;y\x07.pcap",
    "{0}%s[red].pcap",
    "-q.pcap",
    "é.pcap",
)
ZONES = ("UTC", "Asia/Shanghai", "America/St_Johns", "Pacific/Apia")
TIMES = ("00:00", "16:00:06", "2022-09-29T16:00:10", "2022-09-30 00:00:00.000001", "9999-12-31T23:59:59", "24:00", "x")
HOSTS = ("192.0.2.1", "10.226.11.15", "::1", "0.0.0.0", "fe80::1%eth0", "a")
ENDS = ("192.0.2.1:40000->198.51.100.2:9", "10.226.11.15:38742->10.226.5.4:9092", "->", "[::1]:1->[::2]:2", "a:b->c:d")


def a_capture(chance: Random) -> bytes:
    """A capture, mostly with something wrong."""
    octets = seeds.capture(chance)
    return mutated_capture(octets, chance, seeds.capture(chance)) if chance.random() < 0.9 else octets


def _common(chance: Random) -> list[str]:
    words: list[str] = []
    if chance.random() < 0.2:
        words += ["--engine", chance.choice(("tshark", "auto"))]
    if chance.random() < 0.2:
        words += ["--tz", chance.choice(ZONES)]
    if chance.random() < 0.2:
        words += ["--lang", "zh"]
    if chance.random() < 0.1:
        words += ["--from", chance.choice(TIMES)]
    if chance.random() < 0.1:
        words += ["--to", chance.choice(TIMES)]
    if chance.random() < 0.1:
        words += ["--host", chance.choice(HOSTS)]
    return words


def _asked(chance: Random) -> tuple[list[str], list[tuple[str, bytes]]]:
    """Options that choose the connection, and the log that they name."""
    line = mutated_line(chance.choice(seeds.log_lines()), seeds.log_lines(), chance).replace("\0", " ")
    match chance.randrange(8):
        case 0:
            return ["--log", f" {line}"], []
        case 1:
            log = mutated_log(seeds.log_lines(), chance)
            at = ["--at", chance.choice(TIMES)] if chance.random() < 0.5 else []
            return ["--log-file", "in/app.log", *at], [("app.log", log)]
        case 2:
            return ["--connection", chance.choice((*ENDS, f"{hostile_text(chance)}->1.2.3.4:5"))], []
        case 3:
            return ["--stream", chance.choice(("0", "0", "1", "7", "4294967296", "-1"))], []
    return [], []


def make_scan(chance: Random) -> Case:
    """A scan with its JSON, perhaps with a log."""
    name, files = chance.choice(NAMES), []
    words = ["scan", f"in/{name}", "--json", "out/scan.json", *_common(chance)]
    if chance.random() < 0.2:
        files = [("app.log", mutated_log(seeds.log_lines(), chance))]
        words += ["--log-file", "in/app.log"]
    if chance.random() < 0.2:
        words.append("--all")
    return Case("scan", ((name, a_capture(chance)), *files), tuple(words))


def wrong_scan(case: Case) -> Wrong | None:
    """Of a scan, and of the same one by tshark alone, whose JSON has to be the same."""
    with place_for(case) as folder:
        done = run(folder, case.arguments)
        if done.wrong or done.status:
            return done.wrong
        if wrong := wrong_documents(done, ("scan.json",)) or _wrong_count(case, done):
            return wrong
        path = done.out / "scan.json"
        if "--log-file" not in case.arguments and (wrong := wrong_silence(path, done.stdout)):
            return wrong
        if "--engine" in case.arguments:
            return None
        first = path.read_text(encoding="utf-8")
        again = run(folder, (*case.arguments, "--engine", "tshark"))
        if again.wrong or again.status:
            return again.wrong or Wrong("the engines end differently", again.stderr)
        return _differ(first, path.read_text(encoding="utf-8"))


def _differ(first: str, second: str) -> Wrong | None:
    if first == second:
        return None
    one, other = json.loads(first), json.loads(second)
    return Wrong("the engines' JSON differs", _place(one, other, "$"))


def _place(one: object, other: object, path: str) -> str:
    """Where two documents differ first."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next((_place(one[key], other[key], f"{path}.{key}") for key in one if one[key] != other[key]), "")
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return next((_place(*pair, f"{path}[{at}]") for at, pair in pairs if pair[0] != pair[1]), "")
    return f"{path}: {one!r:.300} against {other!r:.300}"


def _wrong_count(case: Case, done: Run) -> Wrong | None:
    """Each packet of a file that is whole is counted, or a note says what is wrong."""
    packets = whole_packets(case.files[0][1])
    document = json.loads((done.out / "scan.json").read_text(encoding="utf-8"))
    frames = document["capture"]["frames"]
    judged = document["capture"]["judged"]
    if packets is None or frames == packets or document["capture"]["warnings"] or any(judged.values()):
        return None
    return Wrong("packets of a whole file are missing", f"{frames} of {packets}")


def make_report(chance: Random) -> Case:
    """A report as HTML, JSON and summary."""
    return _report("report", chance, ("r.html", "r.json", "r.md"))


def make_pdf(chance: Random) -> Case:
    """A report as PDF."""
    return _report("pdf", chance, ("r.pdf",))


OPTIONS = {".html": "--html", ".json": "--json", ".md": "--summary", ".pdf": "-o", ".zip": "--bundle"}


def _report(target: str, chance: Random, outputs: tuple[str, ...]) -> Case:
    name = chance.choice(NAMES)
    asked, files = _asked(chance)
    words = ["report", f"in/{name}", *asked, *_common(chance)]
    for output in outputs:
        words += [OPTIONS[Path(output).suffix], f"out/{output}"]
    if chance.random() < 0.2:
        text = chance.choice([text for text in (hostile_text(chance), "Case 7") if "\0" not in text])
        words += [chance.choice(("--title", "--case", "--company", "--note")), f" {text}"]
    return Case(target, ((name, a_capture(chance)), *files), tuple(words))


def wrong_report(case: Case) -> Wrong | None:
    """Of a report or a comparison, and of all that it writes."""
    outputs = [Path(word).name for word in case.arguments if word.startswith("out/")]
    with place_for(case) as folder:
        done = run(folder, case.arguments)
        return done.wrong if done.wrong or done.status else wrong_documents(done, tuple(outputs))


def make_compare(chance: Random) -> Case:
    """Two captures of one connection, one of them or both with something wrong."""
    first, second = seeds.pair(chance)
    first = mutated_capture(first, chance, second)
    if chance.random() < 0.4:
        second = mutated_capture(second, chance, first or second)
    json_file = ("--json", "out/c.json")
    outputs = chance.choice((json_file, ("--html", "out/c.html"), (*json_file, "-o", "out/c.pdf")))
    words = ("compare", "in/1.pcap", "in/2.pcap", *outputs, *_common(chance), *_asked(chance)[0])
    if "--log-file" in words:
        words = ("compare", "in/1.pcap", "in/2.pcap", *outputs)
    return Case("compare", (("1.pcap", first), ("2.pcap", second)), words)


def make_log(chance: Random) -> Case:
    """A log, read whole into JSON, or told."""
    output = ("--json", "out/log.json") if chance.random() < 0.6 else ()
    language = ("--lang", "zh") if chance.random() < 0.2 else ()
    log = ("app.log", mutated_log(seeds.log_lines(), chance))
    return Case("log", (log,), ("log", "--file", "in/app.log", *output, *language))


def wrong_log(case: Case) -> Wrong | None:
    """Of what is told of a log."""
    with place_for(case) as folder:
        done = run(folder, case.arguments)
        path = done.out / "log.json"
        if done.wrong is None and done.status == 0 and path.exists():
            try:
                json.loads(path.read_text(encoding="utf-8"))
            except ValueError as error:
                return Wrong("no JSON", f"{error}")
        return done.wrong


def make_annotate(chance: Random) -> Case:
    """A capture to be annotated."""
    name = chance.choice(NAMES)
    return Case("annotate", ((name, a_capture(chance)),), ("annotate", f"in/{name}", "-o", "out/a.pcapng"))


def wrong_annotate(case: Case) -> Wrong | None:
    """Of an annotated capture: as many packets as the original, in blocks that fit together."""
    with place_for(case) as folder:
        done = run(folder, case.arguments)
        if done.wrong or done.status:
            return done.wrong
        return wrong_documents(done, ("a.pcapng",)) or _wrong_copy(case, done)


def _wrong_copy(case: Case, done: Run) -> Wrong | None:
    written, original = whole_packets((done.out / "a.pcapng").read_bytes()), whole_packets(case.files[0][1])
    if written is None:
        return Wrong("blocks that do not fit")
    if original is not None and written != original and "Note" not in done.stderr:
        return Wrong("packets are missing", f"{written} of {original}\n{done.stderr}")
    return None
