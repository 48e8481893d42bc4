"""The catalogue of findings as the plugin declares it, read by running the Lua file."""

from __future__ import annotations

import functools
import subprocess

from tests.support.plugin import REPOSITORY

PRINT_CATALOGUE = """
package.path = "lua/?.lua"
for _, finding in ipairs(require("keepalive_catalogue").findings) do
    local words = { finding.id, table.concat(finding.levels, ",") }
    for _, datum in ipairs(finding.data) do
        words[#words + 1] = datum[1] .. ":" .. datum[2]
    end
    print(table.concat(words, " "))
end
"""

# How the name of a datum ends in the record that the plugin writes for programs.
SUFFIX = {"duration": "_ns", "moment": "_at_ns", "frame": "_frame", "count": "", "text": ""}


@functools.cache
def findings() -> dict[str, frozenset[str]]:
    """The id of each finding, with the names that its data have in ``keepalive.record``."""
    done = subprocess.run(
        ["lua5.4", "-"], input=PRINT_CATALOGUE, cwd=REPOSITORY, check=True, capture_output=True, text=True
    )
    found = {}
    for line in done.stdout.splitlines():
        finding_id, _, *data = line.split()
        pairs = (datum.split(":") for datum in data)
        found[finding_id] = frozenset(name + SUFFIX[kind] for name, kind in pairs)
    return found
