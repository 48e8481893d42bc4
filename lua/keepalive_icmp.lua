-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- ICMP errors that quote a TCP segment: which device refuses what, and why (RFC 792, RFC 1122 section 3.2.2.1, RFC 4443
-- section 3). From the bytes of the message, which are strings, so that no API is needed; and the finding on its frame.
--
-- An error may quote no more of the segment than its ports and sequence number, which is all that RFC 792 asks for. Wireshark tells
-- no connection then; the tracker finds it by its ends (keepalive_ends.lua).

local seq_of = require "keepalive_seq"

local icmp = {}

local byte, floor = string.byte, math.floor

local HEADER = 8
--- So much of an error tells what it quotes: its header, an IP header with all its options, and the ports and number of TCP.
icmp.MOST = HEADER + 60 + 8
local IPV4_SHORTEST, IPV6, TCP_PROTOCOL = 20, 40, 6
-- Ports and sequence number: all that RFC 792 promises of the quoted header.
local QUOTED = 8
-- How long an address is: the destination follows the source.
local ADDRESS = { [4] = 4, [6] = 16 }

-- Why, by type and code. Codes that are not here say no more than their type.
local REASONS = {
    [4] = {
        [3] = {
            [0] = "net_unreachable", [1] = "host_unreachable", [2] = "protocol_unreachable", [3] = "port_unreachable",
            [4] = "too_big", [5] = "net_unreachable", [6] = "net_unreachable", [7] = "host_unreachable", [9] = "prohibited",
            [10] = "prohibited", [11] = "net_unreachable", [12] = "host_unreachable", [13] = "prohibited", [14] = "prohibited",
            [15] = "prohibited",
        },
        [11] = { [0] = "hops_exceeded" },
    },
    [6] = {
        [1] = {
            [0] = "net_unreachable", [1] = "prohibited", [2] = "net_unreachable", [3] = "host_unreachable",
            [4] = "port_unreachable", [5] = "prohibited", [6] = "prohibited",
        },
        [2] = { [0] = "too_big" },
        [3] = { [0] = "hops_exceeded" },
    },
}

local function number(bytes, from, to)
    local value = 0
    for i = from, to do
        value = value * 256 + byte(bytes, i)
    end
    return value
end

local GROUP = "%02x%02x"

-- An address as text, as keepalive_header.lua writes it.
local function address(bytes, from, version)
    if version == 4 then
        return string.format("%d.%d.%d.%d", byte(bytes, from, from + 3))
    end
    local groups = {}
    for i = 0, 7 do
        groups[i + 1] = GROUP:format(byte(bytes, from + 2 * i, from + 2 * i + 1))
    end
    return table.concat(groups, ":")
end

-- A fragment that is not the first one has no TCP header (RFC 791: its offset is in the lower 13 bits).
local function is_later_fragment(bytes)
    return number(bytes, HEADER + 7, HEADER + 8) % 8192 ~= 0
end

-- Where the quoted TCP header begins, and the quoted source; nil when none is quoted.
local function quoted(bytes, version)
    local first = byte(bytes, HEADER + 1)
    if not first or floor(first / 16) ~= version then
        return nil
    elseif version == 6 then
        return byte(bytes, HEADER + 7) == TCP_PROTOCOL and #bytes >= HEADER + IPV6 + QUOTED and HEADER + IPV6,
            HEADER + 9
    end
    local length = first % 16 * 4
    return length >= IPV4_SHORTEST and byte(bytes, HEADER + 10) == TCP_PROTOCOL and #bytes >= HEADER + length + QUOTED
        and not is_later_fragment(bytes) and HEADER + length, HEADER + 13
end

--- An ICMP error about a TCP segment, { kind, code, reason, mtu, source_port, destination_port, seq, address, destination }, from
-- the bytes of the message, of ICMP (`version` 4) or ICMPv6 (6); nil when it is none.
function icmp.read(bytes, version)
    if #bytes < HEADER then
        return nil
    end
    local kind, code = byte(bytes, 1, 2)
    local reason = (REASONS[version][kind] or {})[code]
    local tcp, source = nil, nil
    if reason then
        tcp, source = quoted(bytes, version)
    end
    if not tcp then
        return nil
    end
    local mtu = reason == "too_big" and number(bytes, version == 4 and 7 or 5, 8) or 0
    return {
        kind = kind, code = code, reason = reason, mtu = mtu > 0 and mtu or nil,
        source_port = number(bytes, tcp + 1, tcp + 2), destination_port = number(bytes, tcp + 3, tcp + 4),
        seq = number(bytes, tcp + 5, tcp + 8), address = address(bytes, source, version),
        destination = address(bytes, source + ADDRESS[version], version),
    }
end

--- What tells which end sent the quoted segment: its port, or where both ends have the same, its address.
function icmp.source_of(message, address_of_sender)
    return message.source_port == message.destination_port and address_of_sender or message.source_port
end

-- The frame of the segment that is quoted, where the side still knows it: its last one, its probe, or the first of what is
-- outstanding.
local function frame_of(side, seq)
    local pending, out = side.probing.pending, side.outstanding
    if side.last_seq == seq then
        return side.last_frame
    elseif pending and pending.seq == seq then
        return pending.frame
    end
    return out and out.frame and out.seq == seq and out.frame or nil
end

--- Whether a number that is quoted is of what the side has under way: from the first that is not acknowledged, or the one before
-- that, which a keep-alive probe has, to SND.NXT (RFC 5927 section 4.1, for hosts, which know of no probe).
function icmp.is_under_way(side, seq)
    local out, first = side.outstanding, side.snd_una
    first = first and seq_of.add(first, -1) or out and out.frame and out.seq or side.last_seq
    return first and side.snd_nxt and not seq_of.after(first, seq) and not seq_of.after(seq, side.snd_nxt) or false
end

--- Files what an ICMP error says of a connection: `device` sent it, `side` sent the segment that it quotes.
function icmp.note(tracker, frame, device, message, side)
    -- What the side never sent is quoted of another connection, or made up.
    if side.snd_nxt and seq_of.after(message.seq, side.snd_nxt) then
        return
    end
    tracker.log:add(frame, "refused_by", message.reason == "too_big" and "NOTE" or "WARN", {
        device = device,
        reason = message.reason,
        icmp_type = message.kind,
        icmp_code = message.code,
        mtu = message.mtu,
        sender = side.name,
        segment = frame_of(side, message.seq),
    })
end

return icmp
