-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Which connection a frame is of, told by the addresses and ports in its bytes: asking Wireshark for tcp.stream on each frame
-- costs more than all the rest. Wireshark tells the stream of a connection once. From then on it is found here, for a frame that
-- has the same addresses and ports at the same place, right behind each other an IP header without options and a TCP header.
--
-- A SYN may begin another connection between the same ends, and Wireshark then counts on (epan/dissectors/packet-tcp.c). So a
-- segment with SYN is not looked up, and what was known of its ends is forgotten. The same holds for FIN and RST, which keeps the
-- memory to connections that are open.

local header = require "keepalive_header"

local lookup = {}
lookup.__index = lookup

local sub = string.sub
local IPV4, IPV6, TCP = header.IPV4, header.IPV6, header.TCP
local read_after_ipv4, read_after_ipv6 = header.read_after_ipv4, header.read_after_ipv6
local WITHOUT_LENGTH, tells_no_length = header.WITHOUT_LENGTH, header.tells_no_length

-- Addresses and ports lie in one piece, from these bytes of the IP header on (counted from 1).
local ENDS_IPV4, ENDS_IPV6 = 13, 9
local PORTS = 4
local ENDS_LENGTH = { [IPV4] = 12, [IPV6] = 36 }

--- A lookup to which Wireshark has told nothing yet.
function lookup.new()
    return setmetatable({
        places = {},        -- by the offset of the IP header: stream by addresses and ports
        at = nil,           -- the place that Wireshark told last
        streams = nil,      -- and what is known there
    }, lookup)
end

-- Reads the headers at `at` into the segment. Returns the packet's length, its ends, and the offset of the TCP header; nil when
-- they are not there.
local function read(segment, head, at)
    local size = #head
    local total = size >= at + IPV4 + TCP and read_after_ipv4(segment, head, at)
    if total then
        return total, sub(head, at + ENDS_IPV4, at + IPV4 + PORTS), at + IPV4
    end
    total = size >= at + IPV6 + TCP and read_after_ipv6(segment, head, at)
    if total then
        return total, sub(head, at + ENDS_IPV6, at + IPV6 + PORTS), at + IPV6
    end
    return nil
end

local function itself(head)
    return head
end

--- The stream of the frame that begins with the bytes `head`, the offset of its TCP header, and that of the packet's end. Fills
-- the segment as header.read_after_ipv4 does. Nil when Wireshark has to tell; the segment may be filled then, too.
function lookup:find(segment, head)
    local at = self.at
    if not at then
        return nil
    end
    local total, ends, offset = read(segment, head, at)
    if total and segment.flags % 8 == 0 and (WITHOUT_LENGTH[at] or tells_no_length(at, itself, head)) then
        return self.streams[ends], offset, at + total
    end
    return nil
end

local scratch = {}

-- The place of the IP header before a TCP header at `offset` of a frame, and the ends; nil when there is none of this kind.
local function place_before(head, offset)
    for _, length in ipairs({ IPV4, IPV6 }) do
        local at = offset - length
        local total, ends = nil, nil
        if at >= 0 then
            total, ends = read(scratch, head, at)
        end
        if total and #ends == ENDS_LENGTH[length] then
            return at, ends
        end
    end
    return nil
end

--- Takes note that the TCP header at `offset` of the frame that begins with `head` is of `stream`, a connection that is open.
function lookup:note(head, offset, stream)
    local at, ends = place_before(head, offset)
    -- With the same port at both ends, the port does not tell who sends.
    if not at or scratch.source_port == scratch.destination_port then
        return
    end
    local streams = self.places[at] or {}
    self.places[at], self.at, self.streams = streams, at, streams
    streams[ends] = stream
end

-- The ends of what the other side sends.
local function turned(ends)
    local address = (#ends - PORTS) / 2
    return sub(ends, address + 1, 2 * address) .. sub(ends, 1, address) .. sub(ends, -2) .. sub(ends, -4, -3)
end

--- Forgets the connection of a frame, told in the same way: its next segment may be of another one.
function lookup:forget(head, offset)
    local at, ends = place_before(head, offset)
    if not at then
        -- Through a tunnel: nobody knows whose it is.
        self.places, self.at, self.streams = {}, nil, nil
        return
    end
    local others = turned(ends)
    for _, streams in pairs(self.places) do
        streams[ends], streams[others] = nil, nil
    end
end

return lookup
