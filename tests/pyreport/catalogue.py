"""The catalogue of findings as the plugin declares it, read by running the Lua file."""

from __future__ import annotations

import functools

from lupa import lua54

from tests.support.plugin import REPOSITORY

# How the name of a datum ends in the record that the plugin writes for programs.
SUFFIX = {"duration": "_ns", "moment": "_at_ns", "frame": "_frame", "count": "", "end": "", "host": "", "token": ""}


@functools.cache
def findings() -> dict[str, frozenset[str]]:
    """The id of each finding, with the names that its data have in ``keepalive.record``."""
    lua = lua54.LuaRuntime(unpack_returned_tuples=True)
    lua.globals().package.path = str(REPOSITORY / "lua" / "?.lua")
    declared = lua.eval('require("keepalive_catalogue").findings')
    return {
        finding["id"]: frozenset(datum["name"] + SUFFIX[datum["kind"]] for datum in finding["data"].values())
        for finding in declared.values()
    }
