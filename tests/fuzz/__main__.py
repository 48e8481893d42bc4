"""Looks for inputs that break something: `make fuzz FUZZ_SECONDS=600 FUZZ_SEED=1 FUZZ_TARGETS=scan,log`.

With FUZZ_VALGRIND=1 in the environment the target "reader" runs under valgrind, which is a hundred times slower.

Prints how many cases of each target went well. What did not is made smaller and kept in `--found`, as a folder that
can be moved into corpus/ when the fault is mended. The exit status is 1 when something was found.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.pyreport import consistent

# Before the first module that imports it takes the name.
consistent.watch()

from tests.fuzz.cases import Case, keep  # noqa: E402
from tests.fuzz.smaller import smaller  # noqa: E402
from tests.fuzz.targets import TARGETS, case_of, wrong_with  # noqa: E402

FOUND = Path("fuzz-found")
#: Seconds from one line with the counts to the next.
TOLD_EVERY = 60


@dataclass
class Tally:
    """Of one target: cases, seconds, findings."""

    cases: int = 0
    seconds: float = 0.0
    found: list[str] = field(default_factory=list)


def main() -> int:
    """Try cases for the time that is given; each target has its share of it."""
    parser = argparse.ArgumentParser("tests.fuzz", description="Looks for inputs that break something.")
    parser.add_argument("--seconds", type=float, default=600, help="how long (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="default: the time")
    parser.add_argument("--targets", default=",".join(TARGETS), help="default: %(default)s")
    parser.add_argument("--found", type=Path, default=FOUND, help="where findings go (default: %(default)s)")
    parser.add_argument("--case", metavar="TARGET/NUMBER", help="judge this case of the seed, and nothing else")
    options = parser.parse_args()
    if options.case is not None:
        target, _, number = options.case.partition("/")
        case = case_of(target, options.seed, int(number))
        print(case.arguments, wrong_with(case))
        return 0
    tallies = {name: Tally() for name in options.targets.split(",")}
    print(f"seed {options.seed}, {options.seconds:,.0f} s", flush=True)
    end, due = time.monotonic() + options.seconds, time.monotonic() + TOLD_EVERY
    while time.monotonic() < end:
        name = min(tallies, key=lambda name: tallies[name].seconds / TARGETS[name].share)
        tally, start = tallies[name], time.monotonic()
        case = case_of(name, options.seed, tally.cases)
        wrong = wrong_with(case)
        tally.cases += 1
        if time.monotonic() > due:
            print(", ".join(f"{name} {tally.cases:,}" for name, tally in tallies.items()), flush=True)
            due += TOLD_EVERY
        tally.seconds += time.monotonic() - start
        if wrong is not None and wrong.kind not in tally.found:
            tally.found.append(wrong.kind)
            print(f"{name}/{tally.cases - 1}: {wrong.kind}\n{wrong.said[-1500:]}", flush=True)
            _keep(case, options.found / f"{name}-{options.seed}-{tally.cases - 1}", wrong.kind)
    for name, tally in tallies.items():
        print(f"{name:9} {tally.cases:8,} cases {tally.seconds:8,.0f} s  {len(tally.found)} kinds of findings")
    return 1 if any(tally.found for tally in tallies.values()) else 0


def _keep(case: Case, folder: Path, kind: str) -> None:
    reduced = smaller(case, wrong_with, seconds=60)
    if not folder.exists():
        keep(reduced, folder, kind)
    print(f"kept in {folder}, {sum(len(content) for _, content in reduced.files):,} bytes", flush=True)


if __name__ == "__main__":
    sys.exit(main())
