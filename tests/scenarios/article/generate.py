"""Write the article's incident by its numbers: article.pcap and app.log.

Usage: python tests/scenarios/article/generate.py [OUTPUT_DIR], by default beside this file.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.scenarios.article_host import ArticleHost, write_scenario


def main() -> None:
    """Write the files."""
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    write_scenario(output, "article", ArticleHost(freeze=None).frames())


if __name__ == "__main__":
    main()
