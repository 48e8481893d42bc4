"""``python -m pyreport``, and the program ``pyreport``."""

from __future__ import annotations

import sys

from pyreport.cli.stopping import end_on_the_spot


def start() -> int:
    """Run the command line and return its exit status."""
    # Loading takes a moment, in which there is nothing to clear up.
    end_on_the_spot()
    from pyreport.cli.main import main

    return main()


if __name__ == "__main__":
    sys.exit(start())
