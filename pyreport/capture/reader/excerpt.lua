-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- A small capture with all frames of some connections and the ICMP errors about them, and of the others as many as it takes that
-- time passes in it as it does in the whole one: what is missed, or lost in a hole of the capture, is judged by all frames
-- (keepalive_hole.lua).

local ffi = require "ffi"
local times = require "times"

local excerpt = {}

-- No frame is left out where the next one is further away. Half of the least silence that a probe breaks (keepalive_settings.lua).
local LARGEST_STEP = 400000000
local SECTION_HEADER, INTERFACE_DESCRIPTION, ENHANCED_PACKET = 0x0A0D0D0A, 1, 6
local BYTE_ORDER_MAGIC, VERSION_MAJOR = 0x1A2B3C4D, 1
local IF_TSRESOL, NANOSECONDS = 9, 9
local U32 = 4294967296

--- The numbers of the frames: of the streams (a list), errors about them, and witnesses of the time; with the odd frames if
-- `with_odd`, and then also those of both that were not asked for. Also which of the frames are no more than witnesses, by their
-- numbers.
function excerpt.numbers(capture, streams, with_odd)
    local kept, wanted, is_stream = capture.kept, {}, {}
    for _, stream in ipairs(streams) do
        wanted[stream * 2], wanted[stream * 2 + 1], is_stream[stream] = true, true, true
    end
    local seconds, nanoseconds = kept.seconds, kept.nanoseconds
    wanted[kept.ODD] = with_odd
    local numbers, last, witnesses = {}, 0, {}
    local function step(from, to)
        return times.since(seconds[to], nanoseconds[to], seconds[from], nanoseconds[from])
    end
    local function take(before, number, after)
        local is_witness = not before or not after or step(last, number) >= LARGEST_STEP or step(before, number) < 0
            or step(number, after) < 0 or step(last, after) >= LARGEST_STEP
        local quoting = kept.quoting[number]
        local is_wanted = wanted[kept.side[number]] or quoting and wanted[quoting * 2]
        if is_wanted or is_witness then
            numbers[#numbers + 1], last = number, number
            witnesses[number] = not is_wanted or nil
        end
    end
    -- Of the frames that were judged.
    local before, number
    for after = 1, kept.count do
        if kept.side[after] ~= kept.OUTSIDE then
            if number then
                take(before, number, after)
            end
            before, number = number, after
        end
    end
    if number then
        take(before, number, nil)
    end
    if with_odd then
        for outside = 1, kept.count do
            if kept.side[outside] == kept.OUTSIDE and kept:is_outside_of(outside, is_stream) then
                numbers[#numbers + 1] = outside
            end
        end
        table.sort(numbers)
    end
    return numbers, witnesses
end

local function u32(...)
    return ffi.string(ffi.new("uint32_t[?]", select("#", ...), ...), 4 * select("#", ...))
end

local function block(kind, body)
    local length = 12 + #body + (-#body) % 4
    return u32(kind, length) .. body .. ("\0"):rep((-#body) % 4) .. u32(length)
end

local function u16_pair(low, high)
    return u32(low + high * 65536)
end

-- Nanoseconds since the epoch as two words; a product of doubles would lose digits.
local function time_words(packet)
    local time = ffi.cast("uint64_t", packet.seconds) * 1000000000ULL + ffi.cast("uint64_t", packet.nanoseconds)
    return tonumber(time / U32), tonumber(time % U32)
end

local function packet_block(packet, interface, captured)
    local high, low = time_words(packet)
    return block(ENHANCED_PACKET, u32(interface, high, low, captured, packet.length) .. ffi.string(packet.bytes, captured))
end

--- Has `write` called with the octets of a pcapng file of these frames, one part after the other; an interface for each link.
-- Those of `empty` (numbers as keys) have their time and no octets: some segments of a connection without the others would be
-- judged as a connection that has no more, with another cadence and holes of its own.
function excerpt.write(capture, numbers, empty, write)
    write(block(SECTION_HEADER, u32(BYTE_ORDER_MAGIC) .. u16_pair(VERSION_MAJOR, 0) .. u32(0xFFFFFFFF, 0xFFFFFFFF)))
    local interfaces, count = {}, 0
    for _, number in ipairs(numbers) do
        local packet = capture:frame(number).packet
        local interface = interfaces[packet.link]
        if not interface then
            interface = count
            interfaces[packet.link], count = interface, count + 1
            write(block(INTERFACE_DESCRIPTION, u16_pair(packet.link, 0) .. u32(0)
                .. u16_pair(IF_TSRESOL, 1) .. u32(NANOSECONDS) .. u32(0)))
        end
        write(packet_block(packet, interface, empty[number] and 0 or packet.captured))
    end
end

return excerpt
