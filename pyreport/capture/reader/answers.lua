-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The reader's answers, each some lines of JSON:
--   rows                  a row for each frame
--   rows STREAM...        for each frame of these streams, in the capture's order
--   findings              for each frame that has a finding
--   span                  what the capture covers, as an array
--   connections           the outline of each connection, as an array, in the order of their streams
--   excerpt STREAM...     the numbers of the frames of a small capture with these streams (excerpt.lua), as an array; then its octets, in
--                         parts: a line with their count, and then they, the last one with 0
--   times ADDRESS         when a host sent its segments, as arrays of nanoseconds: the first since the epoch, each other one since the
--                         one before

local excerpt = require "excerpt"
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

function answers.findings(capture, write, out)
    local numbers = {}
    for number in pairs(capture.log.shown) do
        numbers[#numbers + 1] = number
    end
    table.sort(numbers)
    print_rows(capture, write, out, numbers, #numbers)
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
        local outline, ends = outlines.of[stream], outlines.ends[stream]
        local still = outlines.still[stream]
        if outline then
            out:write("[", table.concat({
                stream,
                streams:quoted(ends.version, ends.source), ends.source_port,
                streams:quoted(ends.version, ends.destination), ends.destination_port,
                outline.first, to_text(outline.first_seconds, outline.first_nanoseconds),
                outline.last, to_text(outline.last_seconds, outline.last_nanoseconds), outline.frames,
                outline.syn_from, tostring(outline.sent[0] and outline.sent[1]), tostring(outline.has_reset),
                last_of(outline, 0), last_of(outline, 1),
                tostring(still:holds(span.last_seconds, span.last_nanoseconds)),
                still.payload_from, to_text(still.payload_seconds, still.payload_nanoseconds),
                rest_of(outline, 0), rest_of(outline, 1),
            }, ","), "]\n")
        end
    end
end

function answers.times(capture, _, out, words)
    local address, kept, outlines, streams = words[1], capture.kept, capture.outlines, capture.frames.streams
    -- By stream times 2 and side, as kept has them.
    local sides = {}
    for stream = 0, outlines.count - 1 do
        local ends = outlines.ends[stream]
        sides[stream * 2] = ends and streams:text(ends.version, ends.source) == address
        sides[stream * 2 + 1] = ends and streams:text(ends.version, ends.destination) == address
    end
    local line, count, before_seconds, before_nanoseconds = string_buffer.new(), 0, 0, 0
    for number = 1, kept.count do
        if sides[kept.side[number]] then
            count = count + 1
            local seconds, nanoseconds = kept.seconds[number], kept.nanoseconds[number]
            local step = count == 1 and to_text(seconds, nanoseconds)
                or format("%.0f", times.since(seconds, nanoseconds, before_seconds, before_nanoseconds))
            line:put(count % TIMES_A_LINE == 1 and "[" or ",", step)
            before_seconds, before_nanoseconds = seconds, nanoseconds
            if count % TIMES_A_LINE == 0 then
                out:write(line:get(), "]\n")
            end
        end
    end
    if count % TIMES_A_LINE ~= 0 then
        out:write(line:get(), "]\n")
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
