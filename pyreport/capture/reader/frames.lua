-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The frames of a capture file, one after the other, with what the tracker takes of each. Nothing is decided here but what
-- Wireshark has to read.

local network = require "network"
local packet_of = require "packet"
local streams_of = require "streams"
local tcp = require "tcp"

local frames = {}
frames.__index = frames

-- Times before 1970 and after 2262, which 64 bits of nanoseconds do not hold, are left to Wireshark.
local LAST_SECOND = 9223372035

-- Adds the segment of the frame, when it is TCP. Returns true; nil and a reason when Wireshark has to tell.
local function read_segment(frame, streams)
    local packet, segment = frame.packet, frame.segment
    local is_plain, reason = tcp.read(segment, packet)
    if not is_plain then
        return nil, reason
    end
    frame.stream = streams:stream_of(segment, packet.source, packet.destination)
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
    streams:note_addresses(packet)
    if packet.is_tcp then
        return read_segment(frame, streams)
    end
    return true
end

--- The frames of a capture, of its records (sources.lua).
function frames.open(records)
    local streams = streams_of.new()
    local frame = { number = 0, packet = packet_of.new(), segment = packet_of.segment(), streams = streams }
    return setmetatable({ records = records, streams = streams, frame = frame, count = 0 }, frames)
end

--- The next frame, always the same table: number, packet, and for TCP segment (packet.lua has both) and stream. False at the end
-- of the file; nil and a reason when something is not plain, and Wireshark has to tell.
function frames:next()
    local frame, records = self.frame, self.records
    local is_record, reason = records:next(frame.packet)
    if is_record == false then
        return false
    end
    self.count = self.count + 1
    frame.number = self.count
    if is_record then
        is_record, reason = read_frame(frame, self.streams)
    end
    if not is_record then
        return nil, reason
    end
    return frame
end

--- A frame once more, by its number, its place in the file (packet.place) and its stream, which are as they were. Raises when the
-- file does not have it any more.
function frames:again(number, place, stream)
    local frame = self.frame
    local packet = frame.packet
    self.records:seek(place)
    if not self.records:next(packet) or not network.read(packet)
        or packet.is_tcp ~= (stream ~= nil) or stream and not tcp.read(frame.segment, packet) then
        error("the capture was changed while it was read", 0)
    end
    frame.number, frame.stream = number, stream
    self.streams:note_addresses(packet)
    return frame
end

return frames
