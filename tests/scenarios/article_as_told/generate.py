"""Write the article's incident as the article explains it: article_as_told.pcap and app.log.

Usage: python tests/scenarios/article_as_told/generate.py [OUTPUT_DIR], by default beside this file.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.scenarios.article_host import ArticleHost, local_time, write_scenario
from tests.scenarios.hosts import Freeze

# Ends just before the FIN comes in, so that the kernel has the FIN before its first tick runs the overdue timers.
HOST_FROZEN = Freeze(local_time("00:07:43.900000"), local_time("00:08:01.376100"))


def main() -> None:
    """Write the files."""
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    write_scenario(output, "article_as_told", ArticleHost(HOST_FROZEN).frames())


if __name__ == "__main__":
    main()
