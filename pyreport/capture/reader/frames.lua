-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The frames of a capture file, one after the other, with what the tracker takes of each. Nothing is decided here but what
-- Wireshark has to read.

local network = require "network"
local part = require "keepalive_part"
local streams_of = require "streams"
local tcp = require "tcp"

local frames = {}

-- Times before 1970 and after the year 9999 are left to Wireshark.
local LAST_SECOND = 253402300799

-- Adds the segment of the frame, when it is TCP. Returns true; nil and a reason when Wireshark has to tell.
local function read_segment(frame, streams)
    local packet, segment = frame.packet, frame.segment
    local is_plain, reason = tcp.read(segment, packet)
    if not is_plain then
        return nil, reason
    end
    frame.stream = streams:stream_of(segment, frame.source_bytes, frame.destination_bytes)
    return true
end

local function read_frame(frame, streams)
    local packet = frame.packet
    local is_plain, reason = packet.seconds >= 0 and packet.seconds <= LAST_SECOND, "time"
    if is_plain then
        is_plain, reason = network.read(packet)
    end
    if not is_plain then
        return nil, reason
    end
    if packet.network then
        frame.source_bytes, frame.destination_bytes = streams_of.addresses_of(packet)
    end
    if packet.is_tcp then
        return read_segment(frame, streams)
    end
    return true
end

-- Whether a host sent the frame, or gets it.
local function is_of(frame, host)
    local packet, streams = frame.packet, frame.streams
    return packet.network and (streams:text(packet.version, frame.source_bytes) == host
        or streams:text(packet.version, frame.destination_bytes) == host)
end

--- Reads records (sources.lua) and has `take` called with each frame of the wanted part (keepalive_part.lua), always the same
-- table: number, packet (network.lua), source_bytes and destination_bytes (addresses, of an IP packet), and for TCP segment
-- (header.read, and len) and stream. Returns whether a file ends in the middle of a record, and the streams; nil, a reason and the
-- number of the frame (0: none) when something is not plain, and Wireshark has to tell.
function frames.each(records, wanted_part, take)
    local is_inside, host = part.of(wanted_part)
    local streams = streams_of.new()
    local frame = { number = 0, packet = {}, segment = {}, streams = streams }
    while true do
        local is_record, reason = records:next(frame.packet)
        if is_record == false then
            return records.is_cut, streams
        end
        if reason == "container" then
            return nil, reason, 0
        end
        frame.number = frame.number + 1
        if is_record then
            is_record, reason = read_frame(frame, streams)
        end
        if not is_record then
            return nil, reason, frame.number
        end
        if not is_inside or is_inside(frame.packet.seconds, frame.packet.nanoseconds) and (not host or is_of(frame, host)) then
            take(frame)
        end
    end
end

return frames
