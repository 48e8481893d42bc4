-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Reads and judges a capture from open descriptors, and answers what is asked about it on standard input (answers.lua), with
-- what "tshark -2" with the plugin prints. Needs LuaJIT. Arguments: the folder of the plugin's modules, the folder of this file,
-- whether it is "compiled" or "interpreted", the files of the capture ("DESCRIPTOR:SIZE", how many octets to read, parted by
-- commas, in order of time), the descriptor for tidings, the part that is asked for (keepalive_part.lua; "" for all), and the
-- names of the fields of a row (rows.lua). The first line printed is "read", "whole" or "cut" (in the middle of a record), the
-- number of frames that were judged, how many lines of tidings there are, how many frames Wireshark has to read, and of the
-- first of them the reason and its number; or "other", why Wireshark has to read this capture, and the number of the frame that
-- says so. Each answer ends with the line ".". Tidings (tidings.lua): "at" with the bytes read, the frames and the connections
-- so far; "frames" and how many the capture has; and what sources.lua tells.

-- The loops that read and judge a frame are longer than LuaJIT's usual limits let a trace be: past these it would interpret them.
jit.opt.start("maxrecord=20000", "maxirconst=4000", "maxsnap=5000", "loopunroll=60", "maxside=500", "maxtrace=8000",
    "maxmcode=16384", "sizemcode=256")
-- Nearly all that the reader makes in Lua's memory, the findings, it keeps: looking for garbage twice as seldom as usual.
collectgarbage("setpause", 400)

local plugin_folder, reader_folder, way, files, tidings_descriptor, wanted_part = ...
local fields = { select(7, ...) }
if way == "interpreted" then
    jit.off()
end
package.path = plugin_folder .. "/?.lua;" .. reader_folder .. "/?.lua"
package.cpath = ""

local answers = require "answers"
local capture_of = require "capture"
local rows = require "rows"
local sources = require "sources"
local tidings = require "tidings"

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

local function read()
    local counter, due = { read = 0 }, STRIDE
    return capture_of.read(sources.open(list_of_files(), counter, tell), wanted_part, function(count, connections)
        if counter.read >= due then
            due = counter.read + STRIDE
            tell("at", counter.read, count, connections)
            send()
        end
    end)
end

local function print_line(...)
    out:write(table.concat({ ... }, "\t"), "\n")
    out:flush()
end

local function answer_all(capture, write)
    for line in io.stdin:lines() do
        local words = {}
        for word in line:gmatch("%S+") do
            words[#words + 1] = word
        end
        answers[table.remove(words, 1)](capture, write, out, words)
        print_line(".")
    end
end

local write, unknown = rows.writer(fields)
local capture, reason, number
if write then
    capture, reason, number = read()
else
    reason, number = "field", unknown
end
if capture then
    tell("frames", capture.kept.count)
    print_line("read", capture:is_cut() and "cut" or "whole", capture.kept.inside, send(), #capture.kept.odd,
        capture.first_odd and capture.first_odd.reason or "", capture.first_odd and capture.first_odd.number or 0)
    answer_all(capture, write)
else
    print_line("other", reason, number)
end
