-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Reads a capture from open descriptors and prints a row for each frame, with what "tshark -2" with the plugin prints. Needs
-- LuaJIT. Arguments: the folder of the plugin's modules, the folder of this file, the files of the capture ("DESCRIPTOR:SIZE",
-- how many octets to read, parted by commas, in order of time), the descriptor for tidings, the part that is asked for
-- (keepalive_part.lua; "" for all), and the names of the fields. The first line printed is "rows", "whole" or "cut" (in the
-- middle of a record), and how many rows follow (rows.lua); or "other", why Wireshark has to read this capture, and the number
-- of the frame that says so.
-- Tidings (tidings.lua): "at", 1 for judging or 2 for printing, the bytes read, the frames and the connections so far; "frames" and
-- how many the capture has; and what sources.lua tells.

local plugin_folder, reader_folder, files, tidings_descriptor, wanted_part = ...
local fields = { select(6, ...) }
package.path = plugin_folder .. "/?.lua;" .. reader_folder .. "/?.lua"
package.cpath = ""

local frames = require "frames"
local judging = require "judging"
local rows = require "rows"
local sources = require "sources"
local string_buffer = require "string.buffer"
local tidings = require "tidings"

local OUTPUT_BUFFER = 262144
-- How many bytes are read from one tiding to the next of how far the reading is.
local STRIDE = 16777216

local out = io.stdout
local tell, send = tidings.to(tonumber(tidings_descriptor))

local function list_of_files()
    local list = {}
    for descriptor, size in files:gmatch("(%d+):(%d+)") do
        list[#list + 1] = { descriptor = tonumber(descriptor), size = tonumber(size) }
    end
    return list
end

-- Goes through the capture, for the first or the second time, as frames.each does.
local function each_frame(pass, take)
    local counter, due = { read = 0 }, STRIDE
    local records = sources.open(list_of_files(), counter, pass == 1 and tell or function() end)
    local is_cut, streams, number = frames.each(records, wanted_part, function(frame)
        if counter.read >= due then
            due = counter.read + STRIDE
            tell("at", pass, counter.read, frame.number, frame.streams.count)
            send()
        end
        take(frame)
    end)
    return is_cut, streams, number, records.count
end

-- The findings of the whole capture, whether it is cut, and how many rows it has; nil, a reason and the number of a frame when
-- Wireshark has to read it.
local function judge()
    local judged, count = judging.new(), 0
    local is_cut, reason, number, total = each_frame(1, function(frame)
        judged:take(frame)
        count = count + 1
    end)
    if is_cut == nil then
        return nil, reason, number
    end
    tell("frames", total)
    return judged:finish(), is_cut, count
end

local function print_rows(write, log)
    local buffer = string_buffer.new(OUTPUT_BUFFER)
    each_frame(2, function(frame)
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
send()
if log then
    print_line("rows", is_cut and "cut" or "whole", number)
    print_rows(write, log)
else
    print_line("other", is_cut, number)
end
out:flush()
send()
