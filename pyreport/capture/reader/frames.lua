-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The frames of a capture file, one after the other, with what the tracker takes of each. Nothing is decided here but what
-- Wireshark has to read.

local ffi = require "ffi"
local icmp = require "keepalive_icmp"
local network = require "network"
local packet_of = require "packet"
local streams_of = require "streams"
local tcp = require "tcp"

local frames = {}
frames.__index = frames

local NONE = packet_of.NONE

-- Times before 1970 and after 2262, which 64 bits of nanoseconds do not hold, are left to Wireshark.
local LAST_SECOND = 9223372035

-- What is odd about one frame, and says nothing of the others: it is set aside. Other reasons are of the whole capture.
local OF_ONE_FRAME = { link = true, cut = true, header = true, fragment = true, tunnel = true, quoted = true, neighbour = true }

-- Forgets what was read of a frame behind its record.
local function set_aside(frame, reason)
    local packet = frame.packet
    packet.network, packet.icmp, packet.icmpv6, packet.arp, packet.target, packet.quoted = NONE, NONE, NONE, NONE, NONE, NONE
    packet.is_tcp = false
    frame.odd, frame.quoted, frame.is_any_set_aside = reason, nil, true
end

-- Adds the segment of the frame, when it is TCP. Returns true; nil and a reason when Wireshark has to tell.
local function read_segment(frame, streams)
    local packet, segment = frame.packet, frame.segment
    local is_plain, reason = tcp.read(segment, packet)
    if not is_plain then
        return nil, reason
    end
    frame.stream = streams:stream_of(segment, packet.source, packet.destination, frame.number)
    return true
end

-- What an ICMP error says, of the stream that it is about.
local function quote(packet, stream, source)
    return {
        stream = stream, source = source, device = packet.source, version = packet.version,
        message = ffi.string(packet.bytes + packet.message, math.min(packet.captured - packet.message, icmp.MOST)),
    }
end

-- Of a frame that quotes the ports of a segment and its number: the same, and the names of both ends. No stream begins here; one
-- of frames that were set aside is Wireshark's to tell.
local function read_ports(frame, streams)
    local packet = frame.packet
    local source, destination = streams:addresses(packet.bytes, packet.quoted, packet.version)
    local source_port, destination_port = tcp.ports(packet)
    local stream = streams:known(source, source_port, destination, destination_port)
    if not stream then
        return not frame.is_any_set_aside, "quoted"
    end
    frame.quoted = quote(packet, stream, source)
    frame.quoted.sender = streams:name(source, source_port)
    frame.quoted.receiver = streams:name(destination, destination_port)
    return true
end

-- Of a frame that quotes a segment: its stream, which may begin here, the number of the address that sent it, and the message.
local function read_quoted(frame, streams)
    if frame.packet.quotes_ports_only then
        return read_ports(frame, streams)
    end
    local packet, segment = frame.packet, frame.segment
    local is_plain, reason = tcp.read_quoted(segment, packet)
    if not is_plain then
        return nil, reason
    end
    local source, destination = streams:addresses(packet.bytes, packet.quoted, packet.version)
    frame.quoted = quote(packet, streams:stream_of_quoted(segment, source, destination, frame.number), source)
    return true
end

local function read_frame(frame, streams)
    local packet = frame.packet
    frame.quoted, frame.odd = nil, nil
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
    elseif packet.quoted ~= NONE then
        return read_quoted(frame, streams)
    end
    return true
end

--- The frames of a capture, of its records (sources.lua).
function frames.open(records)
    local streams = streams_of.new()
    local frame = { number = 0, packet = packet_of.new(), segment = packet_of.segment(), streams = streams }
    return setmetatable({ records = records, streams = streams, frame = frame, count = 0 }, frames)
end

--- The next frame, always the same table: number, packet, and for TCP segment (packet.lua has both) and stream; for an ICMP error
-- about a segment quoted: stream, source and device (numbers of addresses), version of IP and message (octets), and where it quotes
-- the ports only, sender and receiver (names of ends). Of one that Wireshark
-- has to read, the reason (odd), and nothing of its packet but the record. False at the end of the file; nil and a reason when
-- Wireshark has to read the whole capture.
function frames:next()
    local frame, records = self.frame, self.records
    local is_record, reason = records:next(frame.packet)
    if is_record == false then
        return false
    end
    self.count = self.count + 1
    frame.number = self.count
    if not is_record then
        return nil, reason
    end
    local is_plain, odd = read_frame(frame, self.streams)
    if not is_plain then
        if not OF_ONE_FRAME[odd] then
            return nil, odd
        end
        set_aside(frame, odd)
    end
    return frame
end

--- A frame once more, by its number, its place in the file (packet.place), its stream, and whether it is odd, which are as they
-- were. Raises when the file does not have it any more.
function frames:again(number, place, stream, is_odd)
    local frame = self.frame
    local packet = frame.packet
    self.records:seek(place)
    local is_record = self.records:next(packet)
    if is_record and is_odd then
        frame.number, frame.stream = number, nil
        set_aside(frame, "odd")
        return frame
    end
    if not is_record or not network.read(packet)
        or packet.is_tcp ~= (stream ~= nil) or stream and not tcp.read(frame.segment, packet) then
        error("the capture was changed while it was read", 0)
    end
    frame.number, frame.stream = number, stream
    self.streams:note_addresses(packet)
    return frame
end

return frames
