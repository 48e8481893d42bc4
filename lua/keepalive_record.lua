-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- A finding in one string, for programs: "id|Level|name=value|...", the data in the order of the catalogue. Numbers are
-- integers. Durations and moments (since the capture's first frame) are nanoseconds; the end of a name says what its number
-- means. A token is its id. "%", "|" and control characters of a value are percent-encoded: "%7C" is "|".

local catalogue = require "keepalive_catalogue"

local record = {}

-- What is added to a datum's name, by its kind.
local SUFFIX = { duration = "_ns", moment = "_at_ns", frame = "_frame", count = "", ["end"] = "", host = "", token = "" }

local function encoded(character)
    return string.format("%%%02X", character:byte())
end

--- The text of a value, as it stands in the string.
function record.value(value)
    if type(value) == "number" then
        return string.format("%.0f", value)
    end
    return (value:gsub("[%%|%c]", encoded))
end

--- The string for a record of a finding.
function record.string(finding)
    local parts = { finding.id, catalogue.LEVELS[finding.level] }
    for _, datum in ipairs(catalogue.get(finding.id).data) do
        local value = finding.data[datum.name]
        if value then
            parts[#parts + 1] = datum.name .. SUFFIX[datum.kind] .. "=" .. record.value(value)
        end
    end
    return table.concat(parts, "|")
end

return record
