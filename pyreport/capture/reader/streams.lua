-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Which connection a segment is of, numbered as Wireshark numbers tcp.stream (epan/dissectors/packet-tcp.c): one for each pair of
-- ends, from 0, and one more for a SYN whose number is not the one that its sender began with.

local ffi = require "ffi"
local header = require "keepalive_header"

ffi.cdef "const char *inet_ntop(int family, const void *address, char *text, unsigned int size);"

local streams = {}
streams.__index = streams

local IPV4_SOURCE, IPV6_SOURCE = 12, 8
-- AF_INET6 is not the same everywhere.
local AF_INET6 = ({ Linux = 10, OSX = 30, BSD = 28 })[ffi.os]
local LONGEST_TEXT = 64
local SYN = 2
local MODULUS = 4294967296

--- No connections yet.
function streams.new()
    return setmetatable({
        texts = {},         -- the text of each address, by its octets
        quotes = {},        -- the same in quotes
        ends = {},          -- number of each end, by the number of its address times 65536 and its port
        addresses = {},     -- number of each address, by its octets
        last_address = 0,
        last_end = 0,
        of_pair = {},       -- stream by the number of one end, and that of the other
        began = {},         -- number before which a side began, by stream * 2 + side
        count = 0,
    }, streams)
end

local text_buffer = ffi.new("char[?]", LONGEST_TEXT)

local function to_text(version, bytes)
    if version == 4 then
        return string.format("%d.%d.%d.%d", bytes:byte(1, 4))
    end
    ffi.C.inet_ntop(AF_INET6, bytes, text_buffer, LONGEST_TEXT)
    return ffi.string(text_buffer)
end

--- The octets of a packet's source and destination.
function streams.addresses_of(packet)
    local size, first = 4, packet.network + IPV4_SOURCE
    if packet.version == 6 then
        size, first = 16, packet.network + IPV6_SOURCE
    end
    return ffi.string(packet.bytes + first, size), ffi.string(packet.bytes + first + size, size)
end

--- The text of an address, as Wireshark writes it.
function streams:text(version, bytes)
    local text = self.texts[bytes]
    if not text then
        text = to_text(version, bytes)
        self.texts[bytes] = text
    end
    return text
end

--- The same in quotes, as JSON has it.
function streams:quoted(version, bytes)
    local text = self.quotes[bytes]
    if not text then
        text = '"' .. self:text(version, bytes) .. '"'
        self.quotes[bytes] = text
    end
    return text
end

--- The octets of an address, by its text; nil for one that the capture has not.
function streams:address_of(text)
    for bytes, known in pairs(self.texts) do
        if known == text then
            return bytes
        end
    end
    return nil
end

--- The name of an end: "address:port".
function streams:name(version, bytes, port)
    return header.endpoint(self:text(version, bytes), port)
end

local function end_number(self, bytes, port)
    local address = self.addresses[bytes]
    if not address then
        address = self.last_address + 1
        self.addresses[bytes], self.last_address = address, address
    end
    local key = address * 65536 + port
    local number = self.ends[key]
    if not number then
        number = self.last_end + 1
        self.ends[key], self.last_end = number, number
    end
    return number
end

local function begin(self, of_lower, higher)
    local stream = self.count
    self.count = stream + 1
    of_lower[higher] = stream
    return stream
end

--- The stream of a segment between two addresses (octets), in the order of the capture.
function streams:stream_of(segment, source, destination)
    local from, to = end_number(self, source, segment.source_port), end_number(self, destination, segment.destination_port)
    local lower, higher = from, to
    if to < from then
        lower, higher = to, from
    end
    local of_lower = self.of_pair[lower]
    if not of_lower then
        of_lower = {}
        self.of_pair[lower] = of_lower
    end
    local stream, began, flags = of_lower[higher], self.began, segment.flags
    local side = from == lower and 0 or 1
    local is_syn, is_ack = flags % 4 >= SYN, flags % 32 >= 16
    if not stream then
        stream = begin(self, of_lower, higher)
    elseif is_syn and not is_ack then
        local known = began[stream * 2 + side]
        if known and known ~= segment.seq then
            stream = begin(self, of_lower, higher)
        end
    end
    local own, peers = stream * 2 + side, stream * 2 + 1 - side
    if not began[own] then
        began[own] = is_syn and segment.seq or (segment.seq - 1) % MODULUS
    end
    if is_ack and not began[peers] then
        began[peers] = (segment.ack - 1) % MODULUS
    end
    return stream
end

return streams
