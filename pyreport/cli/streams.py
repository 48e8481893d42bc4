"""Standard input, output and error: whoever starts a program may have closed them, or sent them where no room is."""

from __future__ import annotations

import errno
import os
import sys
from typing import TextIO

#: What printing can fail of that is no bug of this program (write(2)).
NOT_PRINTED = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})


def open_missing() -> None:
    """Open the null device for each of the three that is closed. Else the next file that is opened takes its number,
    and what a program prints goes into that file.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            os.set_inheritable(number, True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, closefd=False, encoding="utf-8"))  # noqa: SIM115


def let_go_of(stream: TextIO) -> None:
    """Send nowhere what is still to be printed: nothing more can be, and Python would try once more at its end."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)
