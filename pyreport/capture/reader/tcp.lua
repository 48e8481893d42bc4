-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The TCP header of a packet (RFC 9293 section 3.1): what the tracker reads of it, through keepalive_header.lua like in Wireshark,
-- and two of its options.

local header = require "keepalive_header"
local octets = require "octets"

local u16, u32 = octets.u16, octets.u32

local tcp = {}

local END_OF_OPTIONS, NO_OPERATION = 0, 1
local MSS, MSS_LENGTH = 2, 4
local TIMESTAMPS, TIMESTAMPS_LENGTH = 8, 10

-- TCP ports whose dissectors in Wireshark announce connections before their first segment, or carry other packets, so that its
-- numbers of streams are not those of the segments alone: FTP, RTSP, SOCKS, H.225, remote capture, SIP, IPsec over TCP.
local OWN_WAYS = { [21] = true, [554] = true, [1080] = true, [1720] = true, [2002] = true, [5060] = true, [10000] = true }

local IPV4_IDENTIFICATION, IPV4_SHORTEST = 4, 20
local PEEKED = 2

-- As the plugin reads it.
local function read_header(segment, packet, at)
    local b = packet.bytes
    header.fill(segment, b[at], b[at + 1], b[at + 2], b[at + 3], b[at + 4], b[at + 5], b[at + 6], b[at + 7], b[at + 8], b[at + 9],
        b[at + 10], b[at + 11], b[at + 12], b[at + 13], b[at + 14], b[at + 15])
    return segment.header_len >= header.TCP
end

-- The beginning of the payload, of which the tracker may ask for the first octets.
local function peek(segment, packet)
    local start = packet.transport + segment.header_len
    segment.first_octets = 0
    if packet.captured >= start + PEEKED then
        segment.first_octets, segment.octets[0], segment.octets[1] = PEEKED, packet.bytes[start], packet.bytes[start + 1]
    end
end

-- The options of nearly all segments of a connection with timestamps: two octets of padding, and these (RFC 7323, appendix A).
local PADDED_TIMESTAMPS = 0x0101080A

-- Both numbers of the option, nil without it.
local function timestamps(segment, packet)
    if segment.header_len == 20 then
        return nil
    elseif segment.header_len == 32 then
        local bytes, at = packet.bytes, packet.transport + 20
        if u32(bytes, at) == PADDED_TIMESTAMPS then
            return u32(bytes, at + 4), u32(bytes, at + 8)
        end
    end
    local _, value, echo = tcp.options(segment, packet)
    return value, echo
end

--- Fills `segment` (packet.lua) with what is taken of the packet's TCP header. Returns whether it is plain; nil and a reason when
-- Wireshark has to tell.
function tcp.read(segment, packet)
    local room = packet.captured - packet.transport
    if room < 20 or packet.after < 20 then
        return nil, "cut"
    end
    if not read_header(segment, packet, packet.transport) or segment.header_len > packet.after then
        return nil, "header"
    elseif segment.header_len > room then
        return nil, "cut"
    elseif OWN_WAYS[segment.source_port] or OWN_WAYS[segment.destination_port] then
        return nil, "port"
    end
    segment.len, segment.hops = packet.after - segment.header_len, packet.hops
    -- The plugin reads no identification of a header with options.
    segment.ip_id = packet.version == 4 and packet.transport == packet.network + IPV4_SHORTEST
        and u16(packet.bytes, packet.network + IPV4_IDENTIFICATION) or -1
    local value, echo = timestamps(segment, packet)
    segment.timestamp, segment.echo = value or -1, echo or -1
    peek(segment, packet)
    return true
end

--- Fills `segment` with what tells the connection of the TCP header that an ICMP error quotes. Returns as `read` does.
function tcp.read_quoted(segment, packet)
    read_header(segment, packet, packet.quoted_transport)
    if OWN_WAYS[segment.source_port] or OWN_WAYS[segment.destination_port] then
        return nil, "port"
    end
    return true
end

--- The ports in the TCP header that an ICMP error quotes.
function tcp.ports(packet)
    return u16(packet.bytes, packet.quoted_transport), u16(packet.bytes, packet.quoted_transport + 2)
end

--- The flags word of the header, 12 bits; segment.flags has the lower 8.
function tcp.flags_word(packet)
    return u16(packet.bytes, packet.transport + 12) % 4096
end

--- The checksum field.
function tcp.checksum(packet)
    return u16(packet.bytes, packet.transport + 16)
end

--- MSS, and both numbers of the timestamps option (RFC 7323), each nil without its option; the first of several.
function tcp.options(segment, packet)
    local bytes, at = packet.bytes, packet.transport + 20
    local stop = packet.transport + segment.header_len
    local mss, value, echo
    while at < stop do
        local kind = bytes[at]
        if kind == END_OF_OPTIONS then
            break
        elseif kind == NO_OPERATION then
            at = at + 1
        else
            local length = at + 1 < stop and bytes[at + 1] or 0
            if length < 2 or at + length > stop then
                break
            elseif kind == MSS and length == MSS_LENGTH then
                mss = mss or u16(bytes, at + 2)
            elseif kind == TIMESTAMPS and length == TIMESTAMPS_LENGTH and not value then
                value, echo = u32(bytes, at + 2), u32(bytes, at + 6)
            end
            at = at + length
        end
    end
    return mss, value, echo
end

return tcp
