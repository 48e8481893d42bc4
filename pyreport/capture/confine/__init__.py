"""The launcher: takes away from a program what it does not need to read a capture, and then becomes it.

Started as a process of its own (``launch.py``), so these files import little: each start of tshark waits for them.
"""

#: The exit status of the launcher where LuaJIT is not in the package lupa, or there is no such package.
NO_LUAJIT = 86
