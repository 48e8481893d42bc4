-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The frames of a capture file, one after the other, with what the tracker takes of each. Nothing is decided here but what
-- Wireshark has to read.

local input_of = require "input"
local network = require "network"
local pcap = require "pcap"
local pcapng = require "pcapng"
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

--- Reads a capture (an open descriptor, and how many of its octets) and has `take` called with each frame, always the same
-- table: number, packet (network.lua), source_bytes and destination_bytes (addresses, of an IP packet), and for TCP segment
-- (header.read, and len) and stream. Returns whether the capture ends in the middle of a record, and the streams; nil, a reason
-- and the number of the frame when something is not plain, and Wireshark has to tell.
function frames.each(descriptor, size, take)
    local input = input_of.open(descriptor, size)
    local records = pcap.open(input) or pcapng.open(input)
    if not records then
        return nil, "container", 0
    end
    local streams = streams_of.new()
    local frame = { number = 0, packet = {}, segment = {}, streams = streams }
    while true do
        local is_record, reason = records:next(frame.packet)
        if is_record == false then
            return records.is_cut, streams
        end
        frame.number = frame.number + 1
        if is_record then
            is_record, reason = read_frame(frame, streams)
        end
        if not is_record then
            return nil, reason, frame.number
        end
        take(frame)
    end
end

return frames
