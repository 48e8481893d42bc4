-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The reader's answers, each some lines of JSON:
--   rows                  a row for each frame
--   rows STREAM...        for each frame of these streams, in the capture's order
--   findings              for each frame that has a finding, an array: its number and time, its stream and which end sent it (-1 for a
--                         frame that is no segment), its records and their sentences
--   neighbours            a row for each frame of ARP or neighbour discovery
--   span                  what the capture covers, as an array
--   connections           the outline of each connection, as an array, in the order of their streams
--   excerpt STREAM...     the numbers of the frames of a small capture with these streams (excerpt.lua), as an array; then its octets, in
--                         parts: a line with their count, and then they, the last one with 0
--   times ADDRESS         when a host sent its segments, as arrays of nanoseconds: the first since the epoch, each other one since the
--                         one before

local excerpt = require "excerpt"
local rows = require "rows"
local string_buffer = require "string.buffer"
local times = require "times"

local answers = {}

local format, to_text = string.format, times.to_text

local OUTPUT_BUFFER = 262144
local TIMES_A_LINE = 10000

local function print_rows(capture, write, out, numbers, last)
    local buffer = string_buffer.new(OUTPUT_BUFFER)
    for index = 1, last do
        local number = numbers and numbers[index] or index
        if capture.kept.side[number] ~= capture.kept.OUTSIDE then
            write(capture:frame(number), buffer)
        end
        if #buffer >= OUTPUT_BUFFER then
            out:write(buffer:get())
        end
    end
    out:write(buffer:get())
end

local function streams_of(words)
    local streams = {}
    for index, word in ipairs(words) do
        streams[index] = tonumber(word)
    end
    return streams
end

function answers.rows(capture, write, out, words)
    if #words == 0 then
        return print_rows(capture, write, out, nil, capture.kept.count)
    end
    local numbers = capture.kept:of_streams(streams_of(words))
    print_rows(capture, write, out, numbers, #numbers)
end

function answers.findings(capture, _, out)
    local numbers, kept, log = {}, capture.kept, capture.log
    for number in pairs(log.shown) do
        numbers[#numbers + 1] = number
    end
    table.sort(numbers)
    for _, number in ipairs(numbers) do
        local records, place = log:records(number), kept.side[number]
        out:write("[", number, ",", to_text(kept.seconds[number], kept.nanoseconds[number]), ",",
            place >= 0 and math.floor(place / 2) or -1, ",", place >= 0 and place % 2 or -1, ",",
            rows.records(records), ",", rows.sentences(records), "]\n")
    end
end

function answers.neighbours(capture, write, out)
    print_rows(capture, write, out, capture.kept.neighbours, #capture.kept.neighbours)
end

function answers.span(capture, _, out)
    local span = capture.span
    if span.frames == 0 then
        out:write("[0,0,0,0,0,0,0,0,0,0]\n")
        return
    end
    out:write("[", table.concat({ span.frames, to_text(span.first_seconds, span.first_nanoseconds),
        to_text(span.last_seconds, span.last_nanoseconds), span.tcp_frames, span.steps_back,
        format("%.0f", span.largest_step), span.largest_step_frame, span.cut_frames, span.cut_to,
        to_text(span.began_seconds, span.began_nanoseconds) }, ","), "]\n")
end

local function rest_of(outline, side)
    if outline.rest_ns[side] == 0 then
        return "null"
    end
    return "[" .. format("%.0f", outline.rest_ns[side]) .. "," .. outline.rest_before[side] .. "," .. outline.rest_after[side] .. "]"
end

local function last_of(outline, side)
    local time = to_text(outline.last_of_seconds[side], outline.last_of_nanoseconds[side])
    return "[" .. outline.last_of[side] .. "," .. time .. "]"
end

function answers.connections(capture, _, out)
    local outlines, streams, span = capture.outlines, capture.frames.streams, capture.span
    for stream = 0, outlines.count - 1 do
        local outline = outlines.of[stream]
        local still = outline.quiet
        if outline.frames > 0 then
            out:write("[", table.concat({
                stream,
                streams:quoted(outline.source), outline.source_port, streams:quoted(outline.destination), outline.destination_port,
                outline.first, to_text(outline.first_seconds, outline.first_nanoseconds),
                outline.last, to_text(outline.last_seconds, outline.last_nanoseconds), outline.frames,
                outline.syn_from, tostring(outline.sent[0] and outline.sent[1]), tostring(outline.has_reset),
                last_of(outline, 0), last_of(outline, 1), "[" .. outline.reply .. "," .. outline.reply_flags .. "]",
                tostring(still:holds(span.last_seconds, span.last_nanoseconds)),
                still.payload_from, to_text(still.payload_seconds, still.payload_nanoseconds),
                rest_of(outline, 0), rest_of(outline, 1),
            }, ","), "]\n")
        end
    end
end

function answers.times(capture, _, out, words)
    local kept, host = capture.kept, capture.frames.streams:address_of(words[1])
    local line, before_seconds, before_nanoseconds = string_buffer.new(), 0, 0
    local numbers = host and kept:of_host(host) or {}
    for index, number in ipairs(numbers) do
        local seconds, nanoseconds = kept.seconds[number], kept.nanoseconds[number]
        local step = index == 1 and to_text(seconds, nanoseconds)
            or format("%.0f", times.since(seconds, nanoseconds, before_seconds, before_nanoseconds))
        line:put(index % TIMES_A_LINE == 1 and "[" or ",", step)
        before_seconds, before_nanoseconds = seconds, nanoseconds
        if index % TIMES_A_LINE == 0 or index == #numbers then
            out:write(line:get(), "]\n")
        end
    end
end

function answers.excerpt(capture, _, out, words)
    local numbers = excerpt.numbers(capture, streams_of(words))
    out:write("[", table.concat(numbers, ","), "]\n")
    local buffer = string_buffer.new(OUTPUT_BUFFER)
    local function flush()
        out:write(#buffer, "\n", buffer:get())
    end
    excerpt.write(capture, numbers, function(octets)
        buffer:put(octets)
        if #buffer >= OUTPUT_BUFFER then
            flush()
        end
    end)
    flush()
    out:write("0\n")
end

return answers
