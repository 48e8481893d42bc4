"""``python -m pyreport``."""

import sys

from pyreport.cli.main import main

sys.exit(main())
