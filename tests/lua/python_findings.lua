-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The Python classes of the plugin's findings, pyreport/frames/findings.py, written from the catalogue. `make reference`
-- writes them to their place; a test tells when they are stale.

local catalogue = require "keepalive_catalogue"

local findings = {}

findings.path = "pyreport/frames/findings.py"

local HEAD = [=[
"""The plugin's findings, a class each: ``make reference`` writes this file from the catalogue in Lua.

Names ending in ``_ns`` are nanoseconds: ``_at_ns`` since the epoch, others durations. Names ending in ``_frame`` are
frame numbers. A datum that can be None is one that the plugin gives only where it knows it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Literal

from pyreport.base.endpoint import Endpoint
from pyreport.frames.finding import Finding

]=]

-- How the record for programs names a datum, and what Python reads it as.
local SUFFIX = { duration = "_ns", moment = "_at_ns", frame = "_frame", count = "", ["end"] = "", host = "", token = "" }
local TYPE = { duration = "int", moment = "int", frame = "int", count = "int", ["end"] = "Endpoint", host = "str" }

local function camel(name)
    local text = ("_" .. name):gsub("_(%w)", string.upper)
    return text
end

local function one_line(text)
    return (text:gsub("%s+", " "))
end

local function enumeration(finding, datum)
    local lines = {
        ("class %s(StrEnum):"):format(camel(finding.id) .. camel(datum.name)),
        ('    """%s."""'):format(datum.label),
        "",
    }
    for _, value in ipairs(datum.values) do
        lines[#lines + 1] = ('    %s = "%s"'):format(value:upper(), value)
    end
    return table.concat(lines, "\n") .. "\n"
end

local function class_of(finding)
    local lines = {
        ("class %s(Finding, frozen=True, kw_only=True):"):format(camel(finding.id)),
        ('    """%s: on %s."""'):format(finding.title, one_line(finding.on)),
        "",
        ('    id: ClassVar[str] = "%s"'):format(finding.id),
    }
    for _, datum in ipairs(finding.data) do
        local python = datum.values and camel(finding.id) .. camel(datum.name) or TYPE[datum.kind]
        local name = datum.name .. SUFFIX[datum.kind]
        lines[#lines + 1] = datum.always and ("    %s: %s"):format(name, python)
            or ("    %s: %s | None = None"):format(name, python)
    end
    return table.concat(lines, "\n") .. "\n"
end

--- The text of the module.
function findings.page()
    local parts, names, ids = { HEAD }, {}, {}
    for _, finding in ipairs(catalogue.findings) do
        for _, datum in ipairs(finding.data) do
            if datum.values then
                parts[#parts + 1] = enumeration(finding, datum) .. "\n"
            end
        end
        parts[#parts + 1] = class_of(finding) .. "\n"
        names[#names + 1] = camel(finding.id)
        ids[#ids + 1] = ('"%s"'):format(finding.id)
    end
    parts[#parts + 1] = "#: Each kind of finding, the worst first.\nKINDS: tuple[type[Finding], ...] = (\n    "
        .. table.concat(names, ",\n    ") .. ",\n)\n\nFindingId = Literal[\n    "
        .. table.concat(ids, ",\n    ") .. ",\n]\n"
    return table.concat(parts, "\n")
end

--- Writes the module to its place.
function findings.write()
    local file = assert(io.open(findings.path, "w"))
    file:write(findings.page())
    file:close()
end

return findings
