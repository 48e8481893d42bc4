-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The IP header of a frame (RFC 791, RFC 8200), and what it carries. As in link.lua, what is not certain is left to Wireshark.

local link = require "link"
local octets = require "octets"
local packet_of = require "packet"

local u16 = octets.u16
local NONE = packet_of.NONE

local network = {}

local TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58
-- Extension headers of IPv6 behind which the packet goes on (RFC 8200).
local HOP_BY_HOP, FRAGMENT, DESTINATION_OPTIONS = 0, 44, 60
-- Options that say nothing of the packet's addresses and length: padding, router alert (RFC 2711). Others may: a jumbogram's length,
-- the home address of a mobile node.
local IPV6_PAD1, IPV6_PADN, IPV6_ROUTER_ALERT = 0, 1, 5
-- Options of IPv4 without a length, and those that tell another destination than the header (RFC 791: source routes).
local IPV4_END, IPV4_NO_OPERATION, LOOSE_SOURCE_ROUTE, STRICT_SOURCE_ROUTE = 0, 1, 131, 137
-- Protocols that carry no TCP: IGMP, EIGRP, OSPF, VRRP; ESP, which is encrypted.
local HARMLESS = { [2] = true, [88] = true, [89] = true, [112] = true, [50] = true }
-- ICMP errors quote the packet that they are about (RFC 792, RFC 4443). Of a redirect (5) Wireshark reads the ports only, and those
-- of ICMPv6 that no RFC describes, and its redirect (137), are left to it.
local QUOTES = { [3] = true, [4] = true, [5] = true, [11] = true, [12] = true }
local QUOTES_6 = { [1] = true, [2] = true, [3] = true, [4] = true }
local ICMP_REDIRECT, FIRST_ICMPV6_QUERY, ICMPV6_REDIRECT = 5, 128, 137
-- The header of an error, the octet of it that tells how long the quoted part is in words (RFC 4884; 0: it does not tell), and
-- what is there of a TCP header, up to the window, when Wireshark tells its connection.
local ERROR_HEADER, QUOTED_WORDS, TCP_READ = 8, { [4] = 5, [6] = 4 }, 16
-- What there is at least of the header of a segment that is quoted: ports and sequence number (RFC 792).
local LEAST_OF_TCP = 8
-- What an error that tells it has to quote at least (RFC 4884).
local LEAST_TOLD = 128
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

-- Where the header behind a quoted IP header is, its protocol, and how many octets of it are there and belong to the packet; nil
-- when Wireshark has to tell, which knows what to make of fragments, options and extension headers.
local function behind_quoted(bytes, at, stop, version)
    local header_length = version == 4 and 20 or 40
    if stop < at + header_length then
        return nil
    elseif version == 4 then
        local total = u16(bytes, at + 2)
        if bytes[at] ~= 0x45 or total < header_length or u16(bytes, at + 6) % 16384 ~= 0 then
            return nil
        end
        return at + header_length, bytes[at + 9], math.min(stop - at, total) - header_length
    end
    local after = u16(bytes, at + 4)
    if bytes[at] < 0x60 or bytes[at] > 0x6F or after == 0 then
        return nil
    end
    return at + header_length, bytes[at + 6], math.min(stop - at - header_length, after)
end

-- Reads an ICMP error, which begins at `at`, as far as it tells what packet it quotes. Returns whether that is plain, or nil and a
-- reason.
local function read_error(packet, at, version, is_redirect)
    local bytes, quoted = packet.bytes, at + ERROR_HEADER
    local stop = math.min(packet.captured, packet.transport + packet.after)
    if stop < quoted then
        return nil, "cut"
    end
    local told = bytes[at + QUOTED_WORDS[version]] * (version == 4 and 4 or 8)
    if not is_redirect and told > 0 and told < LEAST_TOLD then
        return nil, "quoted"
    end
    local transport, protocol, room = behind_quoted(bytes, quoted, stop, version)
    if not transport then
        return nil, "quoted"
    elseif protocol == TCP and room >= LEAST_OF_TCP and not is_redirect then
        packet.quotes_ports_only = room < TCP_READ
        if not packet.quotes_ports_only and bytes[transport + 12] < 0x50 then
            return nil, "quoted"
        end
        packet.message, packet.quoted, packet.quoted_transport = at, quoted, transport
        return true
    elseif protocol == TCP or HARMLESS[protocol] or protocol == (version == 4 and ICMP or ICMPV6) then
        -- Too little of a TCP header to tell its connection, or none; an error quotes no error (RFC 1122, 3.2.2).
        return true
    elseif protocol == UDP and (room < 4 or not CARRYING_PORTS[u16(bytes, transport)]
        and not CARRYING_PORTS[u16(bytes, transport + 2)]) then
        return true
    end
    return nil, "quoted"
end

local function read_icmp(packet, at)
    local kind = packet.bytes[at]
    packet.icmp = kind
    if QUOTES[kind] then
        return read_error(packet, at, 4, kind == ICMP_REDIRECT)
    end
    return true
end

local function read_icmpv6(packet, at)
    local kind = packet.bytes[at]
    packet.icmpv6 = kind
    if QUOTES_6[kind] then
        return read_error(packet, at, 6, false)
    elseif kind < FIRST_ICMPV6_QUERY or kind == ICMPV6_REDIRECT then
        return nil, "quoted"
    elseif kind == SOLICITATION or kind == ADVERTISEMENT then
        if packet.captured < at + ND_LENGTH or packet.transport + packet.after < at + ND_LENGTH then
            return nil, "cut"
        end
        packet.target = at + ND_TARGET
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
        return (protocol == ICMP and read_icmp or read_icmpv6)(packet, at)
    elseif HARMLESS[protocol] then
        return true
    end
    return nil, "tunnel"
end

-- Whether the options of an IPv4 header leave its addresses as they are.
local function are_harmless(bytes, at, stop)
    while at < stop and bytes[at] ~= IPV4_END do
        local kind = bytes[at]
        if kind == LOOSE_SOURCE_ROUTE or kind == STRICT_SOURCE_ROUTE then
            return false
        elseif kind == IPV4_NO_OPERATION then
            at = at + 1
        else
            local length = at + 1 < stop and bytes[at + 1] or 0
            if length < 2 or at + length > stop then
                return false
            end
            at = at + length
        end
    end
    return true
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
    elseif header_length > 20 and not are_harmless(bytes, at + 20, at + header_length) then
        return nil, "header"
    end
    packet.is_tcp = true
    return true
end

-- Whether an extension header with options says nothing but padding and router alerts.
local function is_harmless(bytes, at, stop)
    at = at + 2
    while at < stop do
        local kind = bytes[at]
        if kind == IPV6_PAD1 then
            at = at + 1
        elseif (kind == IPV6_PADN or kind == IPV6_ROUTER_ALERT) and at + 1 < stop and at + 2 + bytes[at + 1] <= stop then
            at = at + 2 + bytes[at + 1]
        else
            return false
        end
    end
    return true
end

-- Goes over the extension headers of IPv6. Returns what is behind them and where it begins; nil and a reason when Wireshark has to
-- tell.
local function behind_extensions(packet, protocol, at)
    local bytes, stop = packet.bytes, packet.transport + packet.after
    while protocol == HOP_BY_HOP or protocol == DESTINATION_OPTIONS or protocol == FRAGMENT do
        if packet.captured < at + 8 then
            return nil, "cut"
        end
        local length = protocol == FRAGMENT and 8 or 8 + 8 * bytes[at + 1]
        if at + length > stop then
            return nil, "header"
        elseif packet.captured < at + length then
            return nil, "cut"
        elseif protocol == FRAGMENT then
            -- Whole, and only called a fragment (RFC 6946)?
            if u16(bytes, at + 2) ~= 0 then
                return nil, "fragment"
            end
        elseif not is_harmless(bytes, at, at + length) then
            return nil, "header"
        end
        protocol, at = bytes[at], at + length
    end
    return protocol, at
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
    if protocol ~= TCP then
        local behind, place = behind_extensions(packet, protocol, at + 40)
        if not behind then
            return nil, place
        elseif behind ~= TCP then
            return check_other(packet, behind, place)
        end
        packet.transport, packet.after = place, at + 40 + after - place
    end
    packet.is_tcp = true
    return true
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
-- neighbour discovery is about), message, quoted and quoted_transport (those of an ICMP error, of the IP header that it quotes and of
-- the TCP header behind that), each NONE without one; quotes_ports_only (Wireshark tells no connection of so little); is_tcp, and
-- for TCP transport (the offset of its header) and after (octets from there to the packet's end). Returns whether it is plain; nil
-- and a reason when Wireshark has to tell.
function network.read(packet)
    packet.network, packet.icmp, packet.icmpv6, packet.is_tcp = NONE, NONE, NONE, false
    packet.arp, packet.target, packet.quoted = NONE, NONE, NONE
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
