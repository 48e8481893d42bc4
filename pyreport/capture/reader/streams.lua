-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Which connection a segment is of, numbered as Wireshark numbers tcp.stream (epan/dissectors/packet-tcp.c): one for each pair of
-- ends, from 0, and one more for a SYN whose number is not the one that its sender began with.

local ffi = require "ffi"
local header = require "keepalive_header"
local octets = require "octets"
local packet_of = require "packet"

ffi.cdef "const char *inet_ntop(int family, const void *address, char *text, unsigned int size);"

local streams = {}
streams.__index = streams

local IPV4_SOURCE, IPV4_DESTINATION, IPV6_SOURCE, IPV6_DESTINATION, IPV6_LENGTH = 12, 16, 8, 24, 16
local NONE = packet_of.NONE
-- Two numbers of ends make one that a double holds: more ends than memory has room for.
local MOST_ENDS = 67108864
-- AF_INET6 is not the same everywhere.
local AF_INET6 = ({ Linux = 10, OSX = 30, BSD = 28 })[ffi.os]
local LONGEST_TEXT = 64
local SYN = 2
local MODULUS = 4294967296

--- No connections yet.
function streams.new()
    return setmetatable({
        numbers = {},       -- number of each address: IPv4 by its 32 bits, IPv6 by its octets
        keys = {},          -- the reverse of that
        texts = {},         -- the text of each address, by its number
        quotes = {},        -- the same in quotes
        ends = {},          -- number of each end, by the number of its address times 65536 and its port
        last_end = 0,
        of_pair = {},       -- stream by the number of the lower end times MOST_ENDS and that of the higher
        began = {},         -- number before which a side began, by stream * 2 + side
        count = 0,
        pairs = {},         -- the pair of ends of each stream
        began_with = {},    -- the number of the frame that each stream began with
        places = {},        -- the reverse of ends
    }, streams)
end

local text_buffer = ffi.new("char[?]", LONGEST_TEXT)

local function to_text(key)
    if type(key) == "number" then
        local rest = key % 65536
        local first, second = (key - rest) / 65536, rest
        return string.format("%d.%d.%d.%d", first / 256, first % 256, second / 256, second % 256)
    end
    ffi.C.inet_ntop(AF_INET6, key, text_buffer, LONGEST_TEXT)
    return ffi.string(text_buffer)
end

--- The number of an address at a place of the bytes.
function streams:address(bytes, at, version)
    local key = version == 4 and octets.u32(bytes, at) or ffi.string(bytes + at, IPV6_LENGTH)
    local number = self.numbers[key]
    if not number then
        number = #self.keys + 1
        self.numbers[key], self.keys[number] = number, key
    end
    return number
end

--- The numbers of source and destination of an IP header.
function streams:addresses(bytes, at, version)
    if version == 4 then
        return self:address(bytes, at + IPV4_SOURCE, 4), self:address(bytes, at + IPV4_DESTINATION, 4)
    end
    return self:address(bytes, at + IPV6_SOURCE, 6), self:address(bytes, at + IPV6_DESTINATION, 6)
end

--- Notes in a packet the numbers of its source and destination.
function streams:note_addresses(packet)
    if packet.network ~= NONE then
        packet.source, packet.destination = self:addresses(packet.bytes, packet.network, packet.version)
    end
end

--- The text of an address, as Wireshark writes it.
function streams:text(number)
    local text = self.texts[number]
    if not text then
        text = to_text(self.keys[number])
        self.texts[number] = text
    end
    return text
end

--- The same in quotes, as JSON has it.
function streams:quoted(number)
    local text = self.quotes[number]
    if not text then
        text = '"' .. self:text(number) .. '"'
        self.quotes[number] = text
    end
    return text
end

--- The number of an address, by its text; nil for one that the capture has not.
function streams:address_of(text)
    for number = 1, #self.keys do
        if self:text(number) == text then
            return number
        end
    end
    return nil
end

--- The ends of a stream, in no order: the address in quotes and the port of one, and of the other.
function streams:ends_of(stream)
    local pair = self.pairs[stream]
    local higher = pair % MOST_ENDS
    local one, other = self.places[(pair - higher) / MOST_ENDS], self.places[higher]
    return self:quoted((one - one % 65536) / 65536), one % 65536, self:quoted((other - other % 65536) / 65536), other % 65536
end

--- The name of an end: "address:port".
function streams:name(address, port)
    return header.endpoint(self:text(address), port)
end

local function end_number(self, address, port)
    local key = address * 65536 + port
    local number = self.ends[key]
    if not number then
        number = self.last_end + 1
        assert(number < MOST_ENDS, "there are too many ends of connections")
        self.ends[key], self.places[number], self.last_end = number, key, number
    end
    return number
end

local function begin(self, pair, frame)
    local stream = self.count
    self.count = stream + 1
    self.of_pair[pair], self.pairs[stream], self.began_with[stream] = stream, pair, frame
    return stream
end

-- Which stream a segment between two addresses is of, and which of both sides sent it.
local function find(self, segment, source, destination, frame)
    local from, to = end_number(self, source, segment.source_port), end_number(self, destination, segment.destination_port)
    local lower, higher = from, to
    if to < from then
        lower, higher = to, from
    end
    local pair = lower * MOST_ENDS + higher
    local stream, flags = self.of_pair[pair], segment.flags
    local side = from == lower and 0 or 1
    if not stream then
        stream = begin(self, pair, frame)
    elseif flags % 4 >= SYN and flags % 32 < 16 then
        local known = self.began[stream * 2 + side]
        if known and known ~= segment.seq then
            stream = begin(self, pair, frame)
        end
    end
    return stream, side
end

--- The stream of the segment of a frame (its number) between two addresses (their numbers), in the order of the capture.
function streams:stream_of(segment, source, destination, frame)
    local stream, side = find(self, segment, source, destination, frame)
    local began, flags = self.began, segment.flags
    local own, peers = stream * 2 + side, stream * 2 + 1 - side
    if not began[own] then
        began[own] = flags % 4 >= SYN and segment.seq or (segment.seq - 1) % MODULUS
    end
    if flags % 32 >= 16 and not began[peers] then
        began[peers] = (segment.ack - 1) % MODULUS
    end
    return stream
end

--- The newest stream between two ends (numbers of addresses, and ports); nil where there is none.
function streams:known(address, port, other_address, other_port)
    local one, other = self.ends[address * 65536 + port], self.ends[other_address * 65536 + other_port]
    return one and other and self.of_pair[math.min(one, other) * MOST_ENDS + math.max(one, other)] or nil
end

--- The same for a segment that an ICMP error quotes, which does not tell where a side began.
function streams:stream_of_quoted(segment, source, destination, frame)
    return (find(self, segment, source, destination, frame))
end

return streams
