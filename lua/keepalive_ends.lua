-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Which connection two ends have: for what names them and no more, as an ICMP error that quotes no more of a segment than RFC 792 asks
-- for. Few captures have one, so nothing is kept until the first.

local ends = {}

local KEY = "%s %s"

-- One for both directions.
local function key_of(one, other)
    if other < one then
        one, other = other, one
    end
    return KEY:format(one, other)
end

--- Takes note of a connection. Later ones between the same ends have higher numbers.
function ends.note(known, conn)
    local key = key_of(conn.sides[1].name, conn.sides[2].name)
    known[key] = math.max(known[key] or conn.stream, conn.stream)
end

--- The number of the newest connection by its ends, of all `connections` that are remembered.
function ends.of(connections)
    local known = {}
    for _, conn in pairs(connections) do
        if conn then
            ends.note(known, conn)
        end
    end
    return known
end

--- The number of the newest connection between two ends; -1, which none has, where there is none.
function ends.find(known, one, other)
    return known[key_of(one, other)] or -1
end

return ends
