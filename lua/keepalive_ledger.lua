-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The findings of a frame as one line of text, for a program that reads what tshark prints. Wireshark's own "-T fields" prints
-- the same columns, but then no frame in full.

local catalogue = require "keepalive_catalogue"
local record_for_programs = require "keepalive_record"

local ledger = {}

-- What a line begins with, what stands between its columns, and between the findings in one of them.
local BEGIN, BETWEEN, AND = "keepalive.ledger", "\t", "\31"
local PROGRAM = "keepalive.program"

local function joined(records, text_of)
    local texts = {}
    for i, record in ipairs(records) do
        texts[i] = text_of(record)
    end
    return table.concat(texts, AND)
end

local function sentence(record)
    return (catalogue.sentence(record):gsub("%c", " "))
end

local function time(seconds, nanoseconds)
    return string.format("%d.%09d", seconds, nanoseconds)
end

--- The line before all others: the version of the Wireshark that judges.
function ledger.program(version)
    return PROGRAM .. BETWEEN .. version .. "\n"
end

--- The line for a frame: its number, its time, the time that the moments of its findings count from, address and port that it came
-- from, the records and the sentences of its findings. `told` has number, seconds, nanoseconds, start_seconds, start_nanoseconds,
-- address and port; times are since 1970, and printed as seconds with nine digits behind the point.
function ledger.line(told, records)
    return table.concat({
        BEGIN, told.number, time(told.seconds, told.nanoseconds), time(told.start_seconds, told.start_nanoseconds),
        told.address, told.port, joined(records, record_for_programs.string), joined(records, sentence),
    }, BETWEEN) .. "\n"
end

return ledger
