-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Writes what the plugin tells of each frame, each time that Wireshark dissects it: the frame's number and its records.

local record = Field.new("keepalive.record")
local told = Proto("told", "What the plugin tells")
local file = assert(io.open("told.txt", "w"))

function told.dissector(_, pinfo)
    file:write(pinfo.number)
    for _, one in ipairs({ record() }) do
        file:write("\t", one.value)
    end
    file:write("\n")
    file:flush()
end

register_postdissector(told)
