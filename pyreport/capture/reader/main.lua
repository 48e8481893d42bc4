-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Reads a capture from an open descriptor and prints a row for each frame, as "tshark -2" with the plugin does. Needs LuaJIT.
-- Arguments: the folder of the plugin's modules, the folder of this file, the descriptor, how many octets to read, and the
-- names of the fields. The first line printed is "rows", or "other", why Wireshark has to read this capture, and the number of
-- the frame that says so. Rows follow, and last "whole" or "cut" (in the middle of a record).

local plugin_folder, reader_folder, descriptor, size = ...
local fields = { select(5, ...) }
package.path = plugin_folder .. "/?.lua;" .. reader_folder .. "/?.lua"
package.cpath = ""

local frames = require "frames"
local judging = require "judging"
local rows = require "rows"

local OUTPUT_BUFFER = 262144

descriptor, size = tonumber(descriptor), tonumber(size)
local out = io.stdout
out:setvbuf("full", OUTPUT_BUFFER)

-- The findings of the whole capture, and whether it is cut; nil, a reason and a frame when Wireshark has to read it.
local function judge()
    local judged = judging.new()
    local is_cut, reason, number = frames.each(descriptor, size, function(frame) judged:take(frame) end)
    if is_cut == nil then
        return nil, reason, number
    end
    return judged:finish(), is_cut
end

local function print_rows(write, log)
    frames.each(descriptor, size, function(frame)
        frame.records = log:records(frame.number)
        out:write(write(frame), "\n")
    end)
end

local write, unknown = rows.writer(fields)
if not write then
    out:write("other\tfield\t", unknown, "\n")
    out:flush()
    return
end
local log, reason, number = judge()
if not log then
    out:write("other\t", reason, "\t", number, "\n")
else
    out:write("rows\n")
    print_rows(write, log)
    out:write(reason and "cut\n" or "whole\n")
end
out:flush()
