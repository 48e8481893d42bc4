-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The IP header of a frame (RFC 791, RFC 8200), and what it carries. As in link.lua, what is not certain is left to Wireshark.

local link = require "link"
local octets = require "octets"
local packet_of = require "packet"

local u16 = octets.u16
local NONE = packet_of.NONE

local network = {}

local TCP, UDP, ICMP, ICMPV6, HOP_BY_HOP = 6, 17, 1, 58, 0
-- Protocols that carry no TCP: IGMP, EIGRP, OSPF, VRRP; ESP, which is encrypted.
local HARMLESS = { [2] = true, [88] = true, [89] = true, [112] = true, [50] = true }
-- ICMP errors quote the packet that they are about (RFC 792); ICMPv6's are 1 to 127, and a redirect (137) has one, too.
local QUOTES = { [3] = true, [4] = true, [5] = true, [11] = true, [12] = true }
local FIRST_ICMPV6_QUERY, ICMPV6_REDIRECT = 128, 137
-- What they ask for is in the row (RFC 4861).
local SOLICITATION, ADVERTISEMENT = 135, 136
local ND_TARGET, ND_LENGTH = 8, 24
-- An ARP packet (RFC 826) of Ethernet and IPv4: kinds and lengths of addresses, and its length.
local ARP_OF_IPV4, ARP_LENGTH = { 0x0001, 0x0800, 0x0604 }, 28
-- UDP ports behind which Wireshark looks for packets: GTP, L2TP, MIP, Teredo, LISP, BATMAN, NAT-T, GSMTAP, VXLAN (three), AYIYA,
-- CAPWAP, Aruba's mirroring, GENEVE, GUE, sFlow, MPLS, SCTP, TZSP, HEP, Cisco's LWAPP.
local CARRYING_PORTS = {}
for _, port in ipairs { 434, 1701, 2123, 2152, 3386, 3544, 4305, 4306, 4341, 4342, 4500, 4729, 4754, 4789, 4790, 5072, 5246, 5247,
    5555, 6080, 6081, 6343, 6635, 8472, 9060, 9899, 12222, 12223, 37008, 65330 } do
    CARRYING_PORTS[port] = true
end

local function check_udp(packet, at)
    if packet.captured < at + 4 then
        return nil, "cut"
    end
    local bytes = packet.bytes
    if CARRYING_PORTS[u16(bytes, at)] or CARRYING_PORTS[u16(bytes, at + 2)] then
        return nil, "tunnel"
    end
    return true
end

-- What is behind an IP header that is no TCP. Returns whether it can be passed over, or nil and a reason.
local function check_other(packet, protocol, at)
    if protocol == UDP then
        return check_udp(packet, at)
    elseif protocol == ICMP or protocol == ICMPV6 then
        if packet.captured <= at then
            return nil, "cut"
        end
        local kind = packet.bytes[at]
        if protocol == ICMP and QUOTES[kind]
            or protocol == ICMPV6 and (kind < FIRST_ICMPV6_QUERY or kind == ICMPV6_REDIRECT) then
            return nil, "quoted"
        elseif protocol == ICMPV6 and (kind == SOLICITATION or kind == ADVERTISEMENT) then
            if packet.captured < at + ND_LENGTH or packet.transport + packet.after < at + ND_LENGTH then
                return nil, "cut"
            end
            packet.target = at + ND_TARGET
        end
        if protocol == ICMP then
            packet.icmp = kind
        else
            packet.icmpv6 = kind
        end
        return true
    elseif HARMLESS[protocol] then
        return true
    end
    return nil, "tunnel"
end

local function read_ipv4(packet, at)
    local bytes = packet.bytes
    if packet.captured < at + 20 then
        return nil, "cut"
    end
    local header_length = (bytes[at] - 0x40) * 4
    local total, protocol = u16(bytes, at + 2), bytes[at + 9]
    if header_length < 20 or header_length > 60 or total < header_length or at + total > packet.length then
        return nil, "header"
    elseif packet.captured < at + header_length then
        return nil, "cut"
    end
    packet.network, packet.version, packet.hops = at, 4, bytes[at + 8]
    packet.transport, packet.after = at + header_length, total - header_length
    -- The lower 14 bits of the word: more fragments, and the fragment's offset.
    if u16(bytes, at + 6) % 16384 ~= 0 then
        -- The first fragment of UDP has its ports.
        if protocol == UDP and u16(bytes, at + 6) % 8192 ~= 0 then
            return true
        elseif protocol ~= UDP then
            return nil, "fragment"
        end
    end
    if protocol ~= TCP then
        return check_other(packet, protocol, packet.transport)
    elseif header_length > 20 then
        -- An option may tell another destination than the header (RFC 791: source route).
        return nil, "header"
    end
    packet.is_tcp = true
    return true
end

local function read_ipv6(packet, at)
    local bytes = packet.bytes
    if packet.captured < at + 40 then
        return nil, "cut"
    end
    local after, protocol = u16(bytes, at + 4), bytes[at + 6]
    if bytes[at] < 0x60 or bytes[at] > 0x6F or after == 0 or at + 40 + after > packet.length then
        return nil, "header"
    end
    packet.network, packet.version, packet.hops = at, 6, bytes[at + 7]
    packet.transport, packet.after = at + 40, after
    if protocol == TCP then
        packet.is_tcp = true
        return true
    elseif protocol == HOP_BY_HOP then
        -- Multicast listeners' reports have a router alert.
        if packet.captured < at + 48 then
            return nil, "cut"
        elseif bytes[at + 40] ~= ICMPV6 or bytes[at + 41] ~= 0 then
            return nil, "header"
        end
        return check_other(packet, ICMPV6, at + 48)
    end
    return check_other(packet, protocol, at + 40)
end

local function read_arp(packet, at)
    if packet.captured < at + ARP_LENGTH then
        return nil, "cut"
    end
    for place, number in ipairs(ARP_OF_IPV4) do
        if u16(packet.bytes, at + 2 * place - 2) ~= number then
            return nil, "neighbour"
        end
    end
    packet.arp = at
    return true
end

--- Reads the network header of a record into the same packet (packet.lua): network (the header's offset), version, hops (TTL
-- or hop limit), icmp and icmpv6 (the message's type), arp (the offset of an ARP packet), target (that of the address which
-- neighbour discovery is about), each NONE without one; is_tcp, and for TCP transport (the offset of its header) and after
-- (octets from there to the packet's end). Returns whether it is plain; nil and a reason when Wireshark has to tell.
function network.read(packet)
    packet.network, packet.icmp, packet.icmpv6, packet.is_tcp = NONE, NONE, NONE, false
    packet.arp, packet.target = NONE, NONE
    local kind, at = link.behind(packet)
    if kind == link.IPV4 then
        return read_ipv4(packet, at)
    elseif kind == link.IPV6 then
        return read_ipv6(packet, at)
    elseif kind == link.ARP then
        return read_arp(packet, at)
    elseif kind then
        return true
    end
    return nil, at
end

return network
