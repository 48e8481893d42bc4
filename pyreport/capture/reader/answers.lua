-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The reader's answers, each some lines of JSON:
--   rows                  a row for each frame
--   rows STREAM...        for each frame of these streams, in the capture's order
--   findings STREAM...    for each frame of these streams that has a finding, an array: its number and time, its stream and which end
--                         sent it (-1 for a frame that is no segment), its records and their sentences
--   found ID...           the same for each frame that has a finding of one of these kinds
--   payloads NUMBER...    the payload of each of these frames, segments all, as an array: its number, and its octets in hexadecimal; of
--                         a long one HEAD octets and the last TAIL, of one that is not whole in the file null
--   wholes NUMBER...      the same, and of a long one all
--   partings              each connection that is quiet (quiet.lua) and closed, with what may tell why, as an array: its stream, how
--                         many octets its last answer has, and the payloads, as above, with what was asked, of the answer's first frame
--                         and of its last; of those whose last frame is whole records of TLS, nothing
--   neighbours            a row for each frame of ARP or neighbour discovery
--   span                  what the capture covers, as an array
--   connections           the outline of each connection, as an array, in the order of their streams
--   excerpt STREAM...     the numbers of the frames of a small capture with these streams (excerpt.lua), as an array; then its octets, in
--                         parts: a line with their count, and then they, the last one with 0
--   odd                   the same of the frames that Wireshark has to read, and of no others
--   around STREAM...      the same of these streams and those frames; the numbers of frames that are only witnesses of the time are
--                         negative. Nothing (an empty array and a part of 0) when these are more than half of the capture, or
--                         others tell that the capture's clock was set forward
--   streams               each stream with the frame that it began with, and its ends in no order, as an array
--   quoting               each ICMP error about a stream: its number and the stream
--   times ADDRESS         when a host sent its segments, in the capture's order: parts of 64-bit numbers of this machine (nanoseconds
--                         since the epoch); before each part a line with how many octets it has, after the last one 0

local excerpt = require "excerpt"
local ffi = require "ffi"
local octets_of = require "octets"
local outlines_of = require "outlines"
local rows = require "rows"
local string_buffer = require "string.buffer"
local times = require "times"

local answers = {}

local format, to_text, u16 = string.format, times.to_text, octets_of.u16

local OUTPUT_BUFFER = 262144
local TIMES_A_PART = 65536
local SORTED_IS_DEAR = 16
-- A last message with a reason is shorter than HEAD, and so is the header of a reply; a last chunk is shorter than TAIL.
local HEAD, TAIL = 2048, 16
local U32 = 4294967296
-- How a record of TLS begins: alert, handshake or data (RFC 8446, 5.1).
local TLS, TLS_MAJOR, TLS_HEADER = { [21] = true, [22] = true, [23] = true }, 3, 5

local function put_time(buffer, seconds, nanoseconds)
    if seconds == 0 then
        buffer:put(nanoseconds)
    else
        buffer:putf("%d%09d", seconds, nanoseconds)
    end
end

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

local function print_findings(capture, out, number)
    local kept, records = capture.kept, capture.log:records(number)
    local place = kept.side[number]
    out:write("[", number, ",", to_text(kept:time(number)), ",",
        place >= 0 and math.floor(place / 2) or -1, ",", place >= 0 and place % 2 or -1, ",",
        rows.records(records), ",", rows.sentences(records), "]\n")
end

function answers.findings(capture, _, out, words)
    for _, number in ipairs(capture.kept:of_streams(streams_of(words))) do
        if capture.log.shown[number] then
            print_findings(capture, out, number)
        end
    end
end

local function has_one_of(records, ids)
    for _, record in ipairs(records) do
        if ids[record.id] then
            return true
        end
    end
    return false
end

function answers.found(capture, _, out, words)
    local numbers, ids = {}, {}
    for _, id in ipairs(words) do
        ids[id] = true
    end
    for number, records in pairs(capture.log.shown) do
        if has_one_of(records, ids) then
            numbers[#numbers + 1] = number
        end
    end
    table.sort(numbers)
    for _, number in ipairs(numbers) do
        print_findings(capture, out, number)
    end
end

local HEX = {}
for octet = 0, 255 do
    HEX[string.char(octet)] = format("%02x", octet)
end

local function hex(bytes, count)
    return (ffi.string(bytes, count):gsub(".", HEX))
end

local function payload_of(frame, is_all)
    local packet, segment = frame.packet, frame.segment
    local start, count = packet.bytes + packet.transport + segment.header_len, segment.len
    if packet.captured < packet.transport + segment.header_len + count then
        return "null"
    elseif is_all or count <= HEAD + TAIL then
        return '"' .. hex(start, count) .. '"'
    end
    return '"' .. hex(start, HEAD) .. hex(start + count - TAIL, TAIL) .. '"'
end

local function print_payloads(capture, out, words, is_all)
    for _, word in ipairs(words) do
        local number = tonumber(word)
        out:write("[", number, ",", payload_of(capture:frame(number), is_all), "]\n")
    end
end

function answers.payloads(capture, _, out, words)
    print_payloads(capture, out, words, false)
end

function answers.wholes(capture, _, out, words)
    print_payloads(capture, out, words, true)
end

-- The frame with payload before a frame of its stream (0: none), and the first of those of one side that follow each other there.
local function run_before(kept, number)
    local last, first, side = 0, 0, nil
    number = kept.before[number]
    while number > 0 do
        if kept.what[number] % 2 == kept.PAYLOAD then
            side = side or kept.side[number]
            if kept.side[number] ~= side then
                break
            end
            first, last = number, last == 0 and number or last
        end
        number = kept.before[number]
    end
    return first, last
end

-- Whether the payload of a frame is records of TLS, all of them whole: what they say is not to be read, and nothing lacks.
local function is_encrypted(frame)
    local packet, segment = frame.packet, frame.segment
    local at = packet.bytes + packet.transport + segment.header_len
    local left = math.min(segment.len, packet.captured - packet.transport - segment.header_len)
    local is_cut = left < segment.len
    while left >= TLS_HEADER and TLS[at[0]] and at[1] == TLS_MAJOR do
        local record = TLS_HEADER + u16(at, 3)
        at, left = at + record, left - record
        if left == 0 or is_cut then
            return true
        end
    end
    return false
end

local function print_parting(capture, out, stream, began, ended)
    if ended == 0 then
        return
    end
    local frame = capture:frame(ended)
    if is_encrypted(frame) then
        return
    end
    local after, last = frame.segment.seq + frame.segment.len, payload_of(frame)
    frame = capture:frame(began)
    local octets, first = (after - frame.segment.seq) % U32, payload_of(frame)
    local _, asked = run_before(capture.kept, began)
    out:write("[", stream, ",", octets, ",", asked > 0 and payload_of(capture:frame(asked)) or '""', ",", first, ",", last, "]\n")
end

function answers.partings(capture, _, out)
    local outlines, span, kept = capture.outlines, capture.span, capture.kept
    for stream = 0, outlines.count - 1 do
        local outline = outlines.of[stream]
        if outline.frames > 0 and outline.fin > 0 and outline.quiet:holds(span.last_seconds, span.last_nanoseconds) then
            print_parting(capture, out, stream, run_before(kept, outline.fin))
        end
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

-- What follows is told of each connection, so all goes into the buffer at once: texts made on the way would be garbage beside all
-- that is kept of the capture.
local function put_rest(buffer, outline, side)
    if outline.rest_ns[side] == 0 then
        buffer:put(",null")
    else
        buffer:putf(",[%d,%d,%d]", outline.rest_ns[side], outline.rest_before[side], outline.rest_after[side])
    end
end

local function put_last(buffer, outline, side)
    buffer:put(",[", outline.last_of[side], ",")
    put_time(buffer, outline.last_of_seconds[side], outline.last_of_nanoseconds[side])
    buffer:put("]")
end

local function put_number(buffer, number)
    if number then
        buffer:putf(",%d", number)
    else
        buffer:put(",null")
    end
end

local function record_of(capture, number, id)
    for _, record in ipairs(capture.log.shown[number]) do
        if record.id == id then
            return record
        end
    end
end

-- The first close of a connection: its frame and time, which end sent it, whether it is a FIN, and data of its record.
local function put_close(buffer, capture, outline)
    local number, id = outline.fin, "fin"
    if number == 0 then
        number, id = outline.reset, "reset"
    end
    if number == 0 then
        buffer:put(",null")
        return
    end
    local kept, data = capture.kept, record_of(capture, number, id).data
    buffer:put(",[", number, ",")
    put_time(buffer, kept:time(number))
    buffer:put(",", kept.side[number] % 2, id == "fin" and ",true,\"" or ",false,\"", data.silence_from or "", "\"")
    put_number(buffer, data.silence)
    put_number(buffer, data.data_idle)
    put_number(buffer, data.cause)
    buffer:put("]")
end

local function put_bool(buffer, value)
    buffer:put(value and ",true" or ",false")
end

local function put_outline(buffer, capture, stream, outline)
    local streams, span, still = capture.frames.streams, capture.span, outline.quiet
    buffer:put("[", stream, ",", streams:quoted(outline.source), ",", outline.source_port, ",",
        streams:quoted(outline.destination), ",", outline.destination_port, ",", outline.first, ",")
    put_time(buffer, outline.first_seconds, outline.first_nanoseconds)
    buffer:put(",", outline.last, ",")
    put_time(buffer, outline.last_seconds, outline.last_nanoseconds)
    buffer:put(",", outline.frames, ",", outline.syn_from)
    put_bool(buffer, outline.sent[0] and outline.sent[1])
    put_bool(buffer, outline.has_reset)
    put_last(buffer, outline, 0)
    put_last(buffer, outline, 1)
    buffer:put(",[", outline.reply, ",", outline.reply_flags, "]")
    put_bool(buffer, still:holds(span.last_seconds, span.last_nanoseconds))
    buffer:put(",", still.payload_from, ",")
    put_time(buffer, still.payload_seconds, still.payload_nanoseconds)
    put_rest(buffer, outline, 0)
    put_rest(buffer, outline, 1)
    buffer:put(",\"", outlines_of.ids(outline), "\"")
    put_close(buffer, capture, outline)
    buffer:put("]\n")
end

function answers.connections(capture, _, out)
    local outlines, buffer = capture.outlines, string_buffer.new(OUTPUT_BUFFER)
    for stream = 0, outlines.count - 1 do
        local outline = outlines.of[stream]
        if outline.frames > 0 then
            put_outline(buffer, capture, stream, outline)
        end
        if #buffer >= OUTPUT_BUFFER then
            out:write(buffer:get())
        end
    end
    out:write(buffer:get())
end

-- Calls `take` with the number of each segment that a host sent, in order.
local function each_of_host(capture, host, take)
    local kept, outlines = capture.kept, capture.outlines
    local streams, frames = outlines:of_host(host)
    -- To sort many frames costs more than to look at all.
    local numbers = frames * SORTED_IS_DEAR < kept.count and kept:of_streams(streams) or nil
    for index = 1, numbers and #numbers or kept.count do
        local number = numbers and numbers[index] or index
        local place = kept.side[number]
        if place >= 0 and outlines:host_of(math.floor(place / 2), place % 2) == host then
            take(number)
        end
    end
end

function answers.times(capture, _, out, words)
    local kept, host = capture.kept, capture.frames.streams:address_of(words[1])
    local times_of_part = ffi.new("int64_t[?]", TIMES_A_PART)
    local count = 0
    local function flush()
        local size = count * ffi.sizeof("int64_t")
        out:write(size, "\n", ffi.string(times_of_part, size))
        count = 0
    end
    if host then
        each_of_host(capture, host, function(number)
            local seconds, nanoseconds = kept:time(number)
            times_of_part[count] = ffi.cast("int64_t", seconds) * 1000000000LL + nanoseconds
            count = count + 1
            if count == TIMES_A_PART then
                flush()
            end
        end)
    end
    if count > 0 then
        flush()
    end
    out:write("0\n")
end

-- Prints a small capture of these frames; `told` are the numbers that are told of them, `empty` those of frames without octets.
local function print_excerpt(capture, out, numbers, told, empty)
    out:write("[", table.concat(told, ","), "]\n")
    local buffer = string_buffer.new(OUTPUT_BUFFER)
    local function flush()
        out:write(#buffer, "\n", buffer:get())
    end
    excerpt.write(capture, numbers, empty, function(octets)
        buffer:put(octets)
        if #buffer >= OUTPUT_BUFFER then
            flush()
        end
    end)
    flush()
    out:write("0\n")
end

-- The streams that tell that the capture's clock was set forward: what others missed is judged by their timestamps.
local function told_the_clock(capture)
    local streams = {}
    for _, rest in ipairs(capture.judge.tracker.rests) do
        streams[#streams + 1] = rest.told_by
    end
    return streams
end

function answers.excerpt(capture, _, out, words)
    local streams = streams_of(words)
    for _, stream in ipairs(told_the_clock(capture)) do
        streams[#streams + 1] = stream
    end
    local numbers, witnesses = excerpt.numbers(capture, streams)
    print_excerpt(capture, out, numbers, numbers, witnesses)
end

function answers.odd(capture, _, out)
    print_excerpt(capture, out, capture.kept.odd, capture.kept.odd, {})
end

function answers.around(capture, _, out, words)
    local numbers, witnesses = excerpt.numbers(capture, streams_of(words), true)
    if #numbers * 2 > capture.kept.inside or told_the_clock(capture)[1] then
        out:write("[]\n0\n")
        return
    end
    local signed = {}
    for place, number in ipairs(numbers) do
        signed[place] = witnesses[number] and -number or number
    end
    print_excerpt(capture, out, numbers, signed, {})
end

function answers.streams(capture, _, out)
    local streams = capture.frames.streams
    for stream = 0, streams.count - 1 do
        local one, port, other, other_port = streams:ends_of(stream)
        out:write(format("[%d,%d,%s,%d,%s,%d]\n", stream, streams.began_with[stream], one, port, other, other_port))
    end
end

function answers.quoting(capture, _, out)
    for number, stream in pairs(capture.kept.quoting) do
        out:write(format("[%d,%d]\n", number, stream))
    end
end

return answers
