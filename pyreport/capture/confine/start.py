"""Starts the launcher: ``python -I -S start.py FOLDER WORD...`` with the folder that the package lies in.

Small, since Python compiles the file that it is given anew each time, and keeps only what that one imports.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    sys.path.append(sys.argv[1])
    from pyreport.capture.confine.launch import main

    main(sys.argv[2:])
