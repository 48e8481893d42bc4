"""What is tried: each target makes cases from a seed, and judges one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random

from tests.fuzz import commands, engines, evidence
from tests.fuzz.cases import Case, Wrong
from tests.pyreport import consistent


@dataclass(frozen=True, slots=True)
class Target:
    """``make`` makes a case, ``wrong`` says what is wrong with how it goes, ``share`` of the time is this target's.
    ``in_tests`` is how many new cases `make test` tries.
    """

    make: Callable[[Random], Case]
    wrong: Callable[[Case], Wrong | None]
    share: int
    in_tests: int


TARGETS = {
    "reader": Target(partial(engines.make, "reader"), lambda case: engines.engines().wrong_read(case), 2, 150),
    "plugin": Target(partial(engines.make, "plugin"), lambda case: engines.engines().wrong_plugin(case), 5, 10),
    "scan": Target(commands.make_scan, commands.wrong_scan, 4, 10),
    "report": Target(commands.make_report, commands.wrong_report, 4, 10),
    "pdf": Target(commands.make_pdf, commands.wrong_report, 2, 3),
    "compare": Target(commands.make_compare, commands.wrong_report, 3, 8),
    "log": Target(commands.make_log, commands.wrong_log, 2, 100),
    "annotate": Target(commands.make_annotate, commands.wrong_annotate, 2, 12),
    "redact": Target(evidence.make_redact, evidence.wrong_redact, 3, 10),
    "verify": Target(evidence.make_verify, evidence.wrong_verify, 1, 60),
}


def case_of(target: str, seed: int, number: int) -> Case:
    """The case of this number; the same each time."""
    return TARGETS[target].make(Random(f"{seed}/{target}/{number}"))


def wrong_with(case: Case) -> Wrong | None:
    """What is wrong with how a case goes, and with the diagnoses that it made (tests/pyreport/consistent.py)."""
    consistent.FOUND.clear()
    wrong = TARGETS[case.target].wrong(case)
    found = [str(one) for one in consistent.FOUND]
    consistent.FOUND.clear()
    return wrong or (Wrong(f"inconsistent: {found[0].split()[0]}", found[0]) if found else None)
