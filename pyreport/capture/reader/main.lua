-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Reads and judges a capture from an open descriptor, and answers what is asked about it on standard input (answers.lua), with
-- what "tshark -2" with the plugin prints. Needs LuaJIT. Arguments: the folder of the plugin's modules, the folder of this file, the
-- descriptor, how many octets to read, and the names of the fields of a row (rows.lua). The first line printed is "read", "whole" or
-- "cut" (in the middle of a record), and the number of frames; or "other", why Wireshark has to read this capture, and the number of
-- the frame that says so. Each answer ends with the line ".".

local plugin_folder, reader_folder, descriptor, size = ...
local fields = { select(5, ...) }
package.path = plugin_folder .. "/?.lua;" .. reader_folder .. "/?.lua"
package.cpath = ""

local answers = require "answers"
local capture_of = require "capture"
local rows = require "rows"

local out = io.stdout

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
    capture, reason, number = capture_of.read(tonumber(descriptor), tonumber(size))
else
    reason, number = "field", unknown
end
if capture then
    print_line("read", capture:is_cut() and "cut" or "whole", capture.kept.count)
    answer_all(capture, write)
else
    print_line("other", reason, number)
end
