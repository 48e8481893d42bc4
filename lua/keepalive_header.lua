-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- From the bytes of a packet to what the tracker reads of its TCP header (RFC 9293 section 3.1). The bytes are strings, so
-- that no API is needed. Writes into the caller's segment, since making a table for each frame is slow.

local header = {}

local byte, floor = string.byte, math.floor

--- How many bytes of a TCP header are read, and how long the headers are (IPv4 and TCP without options).
header.TCP_READ, header.IPV4, header.IPV6, header.TCP = 16, 20, 40, 20
local IPV4, IPV6, TCP_SHORTEST = header.IPV4, header.IPV6, header.TCP

header.TCP_PROTOCOL = 6
local TCP_PROTOCOL = header.TCP_PROTOCOL
local VERSION_4_NO_OPTIONS = 0x45

--- Fills source_port, destination_port, seq, ack, header_len, flags and window from the first TCP_READ bytes of a TCP header,
-- which may be none.
local function fill(segment, s1, s2, d1, d2, q1, q2, q3, q4, a1, a2, a3, a4, data_offset, flags, w1, w2)
    segment.source_port, segment.destination_port = s1 * 256 + s2, d1 * 256 + d2
    segment.seq = q1 * 16777216 + q2 * 65536 + q3 * 256 + q4
    segment.ack = a1 * 16777216 + a2 * 65536 + a3 * 256 + a4
    segment.header_len = (data_offset - data_offset % 16) / 4
    segment.flags, segment.window = flags, w1 * 256 + w2
end
header.fill = fill

--- Fills source_port, destination_port, seq, ack, header_len, flags and window from the first TCP_READ bytes of a TCP
-- header. Returns whether it says that it is long enough to be one.
function header.read(segment, bytes)
    segment.ip_id = nil
    fill(segment, byte(bytes, 1, header.TCP_READ))
    return segment.header_len >= TCP_SHORTEST
end

--- The same, and len and ip_id, from an IPv4 header without options and the TCP_READ bytes after it, which lie `at` bytes from the
-- beginning. Returns the length that the IPv4 header gives for the whole packet; nil when the bytes are none of this, or a fragment.
-- Runs for most frames, so all bytes are taken at once.
function header.read_after_ipv4(segment, bytes, at)
    local version, _, t1, t2, i1, i2, fragment1, fragment2, _, protocol, _, _, _, _, _, _, _, _, _, _,
        s1, s2, d1, d2, q1, q2, q3, q4, a1, a2, a3, a4, data_offset, flags, w1, w2 = byte(bytes, at + 1, at + 36)
    -- The lower 14 bits of the fourth word: more fragments, and the fragment's offset.
    if version ~= VERSION_4_NO_OPTIONS or protocol ~= TCP_PROTOCOL or fragment2 ~= 0 or fragment1 % 64 ~= 0 then
        return nil
    end
    segment.source_port, segment.destination_port = s1 * 256 + s2, d1 * 256 + d2
    segment.seq = q1 * 16777216 + q2 * 65536 + q3 * 256 + q4
    segment.ack = a1 * 16777216 + a2 * 65536 + a3 * 256 + a4
    segment.flags, segment.window, segment.ip_id = flags, w1 * 256 + w2, i1 * 256 + i2
    local total, header_len = t1 * 256 + t2, (data_offset - data_offset % 16) / 4
    local len = total - IPV4 - header_len
    segment.header_len, segment.len = header_len, len
    return header_len >= TCP_SHORTEST and len >= 0 and total or nil
end

--- The same for an IPv6 header that TCP follows at once. It has no ip_id.
function header.read_after_ipv6(segment, bytes, at)
    local version, _, _, _, l1, l2, next_header = byte(bytes, at + 1, at + 7)
    if floor(version / 16) ~= 6 or next_header ~= TCP_PROTOCOL then
        return nil
    end
    fill(segment, byte(bytes, at + IPV6 + 1, at + IPV6 + header.TCP_READ))
    local after, header_len = l1 * 256 + l2, segment.header_len
    segment.ip_id, segment.len = nil, after - header_len
    return header_len >= TCP_SHORTEST and after >= header_len and IPV6 + after or nil
end

local END_OF_OPTIONS, NO_OPERATION, TIMESTAMPS, TIMESTAMPS_LENGTH = 0, 1, 8, 10

--- TSval and TSecr of the timestamps option (RFC 7323 section 3.2) in the bytes of a TCP header's options; nothing without it.
function header.timestamps(options)
    local at, size = 1, #options
    while at < size do
        local kind, length = byte(options, at, at + 1)
        if kind == END_OF_OPTIONS then
            return nil
        elseif kind == NO_OPERATION then
            at = at + 1
        elseif length < 2 or at + length - 1 > size then
            return nil
        elseif kind == TIMESTAMPS and length == TIMESTAMPS_LENGTH then
            local v1, v2, v3, v4, e1, e2, e3, e4 = byte(options, at + 2, at + 9)
            return v1 * 16777216 + v2 * 65536 + v3 * 256 + v4, e1 * 16777216 + e2 * 65536 + e3 * 256 + e4
        else
            at = at + length
        end
    end
    return nil
end

--- Whether the segment that was read neither opens nor closes: none of SYN, FIN and RST.
function header.is_ordinary(segment)
    return segment.flags % 8 == 0
end

--- How long the headers of links are that tell no length: raw IP, PPP, BSD's loopback, Ethernet II, Linux cooked v1.
header.WITHOUT_LENGTH = { [0] = true, [2] = true, [4] = true, [14] = true, [16] = true }
local WITHOUT_LENGTH = header.WITHOUT_LENGTH
-- Others are told by their bytes, since headers with a length are as long: tags of VLANs, and Linux cooked v2.
local TAGS = { [0x8100] = true, [0x88A8] = true, [0x9100] = true }
local COOKED_2, ETHERTYPE_IPV4 = 20, 0x0800

local function number_at(bytes, place)
    local high, low = byte(bytes, place, place + 1)
    return high * 256 + low
end

--- Whether the `length` bytes before an IP header are a link's header that tells no length, so that the IP header's own is
-- the packet's. PPPoE (RFC 2516), IEEE 802.3 and outer IP headers tell one, which may be shorter. `before` gives these bytes,
-- and maybe more behind them; it is called with `frame`.
function header.tells_no_length(length, before, frame)
    if WITHOUT_LENGTH[length] then
        return true
    elseif length == 18 then
        return TAGS[number_at(before(frame), 13)] ~= nil
    elseif length == 22 then
        local bytes = before(frame)
        return TAGS[number_at(bytes, 13)] and TAGS[number_at(bytes, 17)] and number_at(bytes, 21) == ETHERTYPE_IPV4 or false
    end
    return length == COOKED_2 and number_at(before(frame), 1) == ETHERTYPE_IPV4
end

--- The source of an IPv4 header without options that carries `protocol`; nil when the bytes are none.
function header.ipv4_source(bytes, protocol)
    if byte(bytes, 1) ~= VERSION_4_NO_OPTIONS or byte(bytes, 10) ~= protocol then
        return nil
    end
    return string.format("%d.%d.%d.%d", byte(bytes, 13, 16))
end

--- Source and destination of an IPv4 header without options; nil when the bytes are none.
function header.ipv4_addresses(bytes)
    if byte(bytes, 1) ~= VERSION_4_NO_OPTIONS or byte(bytes, 10) ~= TCP_PROTOCOL then
        return nil
    end
    return string.format("%d.%d.%d.%d", byte(bytes, 13, 16)), string.format("%d.%d.%d.%d", byte(bytes, 17, 20))
end

local GROUPS = "%02x%02x:%02x%02x:%02x%02x:%02x%02x:%02x%02x:%02x%02x:%02x%02x:%02x%02x"

--- Source and destination of an IPv6 header that TCP follows, with all their zeros; nil when the bytes are none.
function header.ipv6_addresses(bytes)
    if floor(byte(bytes, 1) / 16) ~= 6 or byte(bytes, 7) ~= TCP_PROTOCOL then
        return nil
    end
    return GROUPS:format(byte(bytes, 9, 24)), GROUPS:format(byte(bytes, 25, 40))
end

--- One end of a connection: "address:port", "[address]:port" for IPv6.
function header.endpoint(address, port)
    return (address:find(":", 1, true) and "[" .. address .. "]:" or address .. ":") .. string.format("%d", port)
end

return header
