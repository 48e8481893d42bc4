"""``python -m pyreport``."""

import sys

from pyreport.cli import main

sys.exit(main())
