-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What other protocols say in the frames that a filter selects, one line of text for each, in a pass in which tshark prints
-- something else. The plugin has no part in it. With two passes the second one tells. Arguments: a word that begins its lines, the
-- display filter, the names of the fields, parted by commas. A line: BEGIN, the word, the frame's number, then of each field its
-- values.

-- What a line begins with, what stands between its columns, and between the values in one of them.
local BEGIN, BETWEEN, AND = "other.fields", "\t", "\31"

local word, filter, names = ...
local fields = {}
for name in names:gmatch("[^,]+") do
    fields[#fields + 1] = Field.new(name)
end

local function values_of(field)
    local values = {}
    for _, info in ipairs { field() } do
        values[#values + 1] = (tostring(info.value):gsub("%c", " "))
    end
    return table.concat(values, AND)
end

local listener = Listener.new("frame", filter)

function listener.packet(pinfo)
    local columns = { BEGIN, word, pinfo.number }
    for _, field in ipairs(fields) do
        columns[#columns + 1] = values_of(field)
    end
    io.write(table.concat(columns, BETWEEN), "\n")
end
