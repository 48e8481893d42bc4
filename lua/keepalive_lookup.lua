-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Which connection a frame is of, told by the addresses and ports in its bytes: asking Wireshark for tcp.stream on each frame
-- costs more than all the rest. Wireshark tells the stream of a connection once. From then on what the caller noted of it is found
-- here, for a frame that has the same addresses and ports at the same place, right behind each other an IP header without options
-- and a TCP header.
--
-- A SYN may begin another connection between the same ends, and Wireshark then counts on (epan/dissectors/packet-tcp.c). So a
-- segment with SYN is not looked up, and what was known of its ends is forgotten. The same holds for FIN and RST, which keeps the
-- memory to connections that are open. Nor is a segment without ACK looked up, which no open connection has.

local header = require "keepalive_header"

local lookup = {}
lookup.__index = lookup

local byte, sub = string.byte, string.sub
local IPV4, IPV6, TCP = header.IPV4, header.IPV6, header.TCP
local read_after_ipv4, read_after_ipv6 = header.read_after_ipv4, header.read_after_ipv6
local WITHOUT_LENGTH, tells_no_length = header.WITHOUT_LENGTH, header.tells_no_length
local TCP_PROTOCOL, TCP_READ = header.TCP_PROTOCOL, header.TCP_READ

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
        tells_no_length = nil,      -- whether no link's header of that length tells one
    }, lookup)
end

local function itself(head)
    return head
end

-- What `find` returns of an IPv6 header at `at` and the TCP header after it.
local function find_ipv6(self, head, at)
    local version, _, _, _, l1, l2, next_header = byte(head, at + 1, at + 7)
    if #head < at + IPV6 + TCP or version < 96 or version >= 112 or next_header ~= TCP_PROTOCOL then
        return nil
    end
    local _, _, _, _, q1, q2, q3, q4, a1, a2, a3, a4, data_offset, flags, w1, w2 = byte(head, at + IPV6 + 1, at + IPV6 + TCP_READ)
    local after, header_len = l1 * 256 + l2, (data_offset - data_offset % 16) / 4
    local len, kind = after - header_len, flags % 32
    if kind ~= 16 and kind ~= 24 or header_len < TCP or len < 0 then
        return nil
    end
    local offset = at + IPV6
    return self.streams[sub(head, at + ENDS_IPV6, offset + PORTS)], offset, offset + after, offset + header_len,
        q1 * 16777216 + q2 * 65536 + q3 * 256 + q4, a1 * 16777216 + a2 * 65536 + a3 * 256 + a4, len, flags, w1 * 256 + w2, nil
end

--- What was noted of the ends of the frame that begins with the bytes `head`, the offset of its TCP header, that of the packet's
-- end and of the payload, and of the segment: sequence number, acknowledgment number, length, flags, window and the IP
-- identification. Nil when Wireshark has to tell. Runs for most frames: the bytes are taken at once, and no table is filled.
function lookup:find(head)
    local at = self.at
    if not at or #head < at + 40 then
        return nil
    end
    local version, _, t1, t2, i1, i2, fragment1, fragment2, _, protocol, _, _, _, _, _, _, _, _, _, _,
        _, _, _, _, q1, q2, q3, q4, a1, a2, a3, a4, data_offset, flags, w1, w2 = byte(head, at + 1, at + 36)
    if not self.tells_no_length and not tells_no_length(at, itself, head) then
        return nil
    end
    -- As header.read_after_ipv4 reads it, with numbers in place of names, each of which takes a step.
    if version ~= 0x45 then
        return find_ipv6(self, head, at)
    end
    -- ACK, maybe with PSH.
    local kind = flags % 32
    if kind ~= 16 and kind ~= 24 or protocol ~= 6 or fragment2 ~= 0 or fragment1 % 64 ~= 0 then
        return nil
    end
    local total, header_len = t1 * 256 + t2, (data_offset - data_offset % 16) / 4
    local len = total - header_len - 20
    if header_len < 20 or len < 0 then
        return nil
    end
    return self.streams[sub(head, at + 13, at + 24)], at + 20, at + total, at + 20 + header_len,
        q1 * 16777216 + q2 * 65536 + q3 * 256 + q4, a1 * 16777216 + a2 * 65536 + a3 * 256 + a4, len, flags, w1 * 256 + w2,
        i1 * 256 + i2
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

--- Takes note that the TCP header at `offset` of the frame that begins with `head` is of `stream`, anything that the caller finds
-- the open connection and its sender by.
function lookup:note(head, offset, stream)
    local at, ends = place_before(head, offset)
    -- With the same port at both ends, the port does not tell who sends.
    if not at or scratch.source_port == scratch.destination_port then
        return
    end
    local streams = self.places[at] or {}
    self.places[at], self.at, self.streams, self.tells_no_length = streams, at, streams, WITHOUT_LENGTH[at] or false
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
