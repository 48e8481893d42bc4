-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Reads a capture from an open descriptor and prints a row for each frame, with what "tshark -2" with the plugin prints. Needs
-- LuaJIT. Arguments: the folder of the plugin's modules, the folder of this file, the descriptor, how many octets to read, and
-- the names of the fields. The first line printed is "rows", "whole" or "cut" (in the middle of a record), and how many rows
-- follow (rows.lua); or "other", why Wireshark has to read this capture, and the number of the frame that says so.

local plugin_folder, reader_folder, descriptor, size = ...
local fields = { select(5, ...) }
package.path = plugin_folder .. "/?.lua;" .. reader_folder .. "/?.lua"
package.cpath = ""

local frames = require "frames"
local judging = require "judging"
local rows = require "rows"
local string_buffer = require "string.buffer"

local OUTPUT_BUFFER = 262144

descriptor, size = tonumber(descriptor), tonumber(size)
local out = io.stdout

-- The findings of the whole capture, whether it is cut, and its number of frames; nil, a reason and the number of a frame when
-- Wireshark has to read it.
local function judge()
    local judged, count = judging.new(), 0
    local is_cut, reason, number = frames.each(descriptor, size, function(frame)
        judged:take(frame)
        count = frame.number
    end)
    if is_cut == nil then
        return nil, reason, number
    end
    return judged:finish(), is_cut, count
end

local function print_rows(write, log)
    local buffer = string_buffer.new(OUTPUT_BUFFER)
    frames.each(descriptor, size, function(frame)
        frame.records = log:records(frame.number)
        write(frame, buffer)
        if #buffer >= OUTPUT_BUFFER then
            out:write(buffer:get())
        end
    end)
    out:write(buffer:get())
end

local function print_line(...)
    out:write(table.concat({ ... }, "\t"), "\n")
end

local write, unknown = rows.writer(fields)
local log, is_cut, number
if write then
    log, is_cut, number = judge()
else
    is_cut, number = "field", unknown
end
if log then
    print_line("rows", is_cut and "cut" or "whole", number)
    print_rows(write, log)
else
    print_line("other", is_cut, number)
end
out:flush()
