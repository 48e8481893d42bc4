-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Where the network header of a frame is, below which link. Only what certainly holds no TCP is passed over: whatever might
-- carry a packet in another way than the plain one is a reason to leave the capture to Wireshark.

local octets = require "octets"

local u16 = octets.u16

local link = {}

--- What is behind the link's header. The numbers 4 and 6 are IP's versions.
link.IPV4, link.IPV6, link.ARP, link.NOTHING = 4, 6, 1, 0
local IPV4, IPV6, ARP, NOTHING = link.IPV4, link.IPV6, link.ARP, link.NOTHING

-- EtherTypes (IEEE, IANA) that carry no other packet.
local ETHERTYPES = {
    [0x0800] = IPV4, [0x86DD] = IPV6,
    [0x0806] = ARP, [0x8035] = "neighbour",     -- RARP
    [0x8137] = NOTHING,     -- IPX
    [0x888E] = NOTHING,     -- 802.1X
    [0x88CC] = NOTHING,     -- LLDP
    [0x8809] = NOTHING,     -- LACP and other slow protocols
    [0x88F7] = NOTHING,     -- PTP
    [0x9000] = NOTHING,     -- loopback test
    [0x6002] = NOTHING,     -- DEC MOP
    [0x8892] = NOTHING,     -- PROFINET
    [0x8100] = "tag", [0x88A8] = "tag", [0x9100] = "tag",   -- 802.1Q, 802.1ad, QinQ before that
}
-- A number up to this is a length (IEEE 802.3), and LLC follows.
local LONGEST_LENGTH = 1500
local LLC_HEADER, SNAP_HEADER, TAG = 3, 8, 4
-- LLC service access points: spanning tree, IS-IS, NetBIOS, IPX, and SNAP, behind which only Cisco's own are known as harmless.
local HARMLESS_SAPS = { [0x42] = true, [0xFE] = true, [0xF0] = true, [0xE0] = true }
local SNAP, CISCO = 0xAA, 0x00000C

local function behind_length(bytes, at, captured)
    if captured < at + LLC_HEADER then
        return nil, "cut"
    end
    local sap = bytes[at]
    if HARMLESS_SAPS[sap] then
        return NOTHING, at
    elseif sap == SNAP and captured >= at + SNAP_HEADER
        and bytes[at + 3] * 65536 + bytes[at + 4] * 256 + bytes[at + 5] == CISCO then
        return NOTHING, at
    end
    return nil, "link"
end

-- What is behind an EtherType or length, and where.
local function behind_ethertype(bytes, at, captured, number)
    local kind = ETHERTYPES[number]
    while kind == "tag" do
        if captured < at + TAG then
            return nil, "cut"
        end
        number, at = u16(bytes, at + 2), at + TAG
        kind = ETHERTYPES[number]
    end
    if kind == "neighbour" then
        return nil, "neighbour"
    elseif kind then
        return kind, at
    elseif number <= LONGEST_LENGTH then
        return behind_length(bytes, at, captured)
    end
    return nil, "link"
end

local function ethernet(bytes, captured)
    if captured < 14 then
        return nil, "cut"
    end
    -- Cisco's ISL has this group address, and the packet behind another header.
    if u16(bytes, 12) <= LONGEST_LENGTH and (bytes[0] == 0x01 or bytes[0] == 0x0C) and bytes[1] == 0 and bytes[2] == 0x0C
        and bytes[3] == 0 and bytes[4] == 0 then
        return nil, "link"
    end
    return behind_ethertype(bytes, 14, captured, u16(bytes, 12))
end

-- ARPHRD_ numbers (linux/if_arp.h) of devices whose packets are told by an EtherType: Ethernet, loopback, PPP, raw IP, none,
-- tunnels that show the packet inside.
local COOKED_DEVICES = { [1] = true, [772] = true, [512] = true, [519] = true, [65534] = true, [768] = true, [769] = true,
    [776] = true }

-- A Linux cooked capture whose header has `length` octets, the kind of device at `device` and the protocol at `protocol`.
local function cooked_header(length, device, protocol)
    return function(bytes, captured)
        if captured < length then
            return nil, "cut"
        elseif not COOKED_DEVICES[u16(bytes, device)] then
            return nil, "link"
        end
        local number = u16(bytes, protocol)
        if number == 4 then
            return behind_length(bytes, length, captured)
        elseif number <= LONGEST_LENGTH then
            return nil, "link"
        end
        return behind_ethertype(bytes, length, captured, number)
    end
end

local cooked, cooked_2 = cooked_header(16, 2, 14), cooked_header(20, 8, 0)

local function raw(bytes, captured)
    if captured < 1 then
        return nil, "cut"
    end
    local version = (bytes[0] - bytes[0] % 16) / 16
    if version == 4 or version == 6 then
        return version, 0
    end
    return nil, "link"
end

-- Address families of BSD, FreeBSD, macOS; the number is in the byte order of the machine that captured.
local FAMILIES = { [2] = IPV4, [24] = IPV6, [28] = IPV6, [30] = IPV6 }

local function loopback(bytes, captured)
    if captured < 4 then
        return nil, "cut"
    elseif u16(bytes, 1) ~= 0 or bytes[0] ~= 0 and bytes[3] ~= 0 then
        return nil, "link"
    end
    local kind = FAMILIES[bytes[0] + bytes[3]]
    if kind then
        return kind, 4
    end
    return nil, "link"
end

-- PPP's protocol numbers (RFC 1661, IANA): IP, and the link's own control protocols.
local PPP_PROTOCOLS = { [0x0021] = IPV4, [0x0057] = IPV6, [0xC021] = NOTHING, [0xC023] = NOTHING, [0xC025] = NOTHING,
    [0xC223] = NOTHING, [0x8021] = NOTHING, [0x8057] = NOTHING }

local function ppp(bytes, captured)
    local at = captured >= 2 and bytes[0] == 0xFF and bytes[1] == 0x03 and 2 or 0
    if captured < at + 2 then
        return nil, "cut"
    end
    local kind = PPP_PROTOCOLS[u16(bytes, at)]
    if kind then
        return kind, at + 2
    end
    return nil, "link"
end

-- By LINKTYPE_ number (www.tcpdump.org/linktypes.html).
local READERS = {
    [0] = loopback, [108] = loopback, [1] = ethernet, [9] = ppp, [50] = ppp,
    [12] = raw, [14] = raw, [101] = raw, [228] = raw, [229] = raw, [113] = cooked, [276] = cooked_2,
}
local COOKED, COOKED_2 = 113, 276

--- What is behind the link's header of a record, link.IPV4, link.IPV6 or link.NOTHING, and the offset of it; nil and a reason
-- when Wireshark has to tell.
function link.behind(record)
    local read = READERS[record.link]
    if not read then
        return nil, "link"
    end
    return read(record.bytes, record.captured)
end

--- The packet type of a cooked capture (who sent the frame to whom), nil for other links and where it is cut away.
function link.packet_type(record)
    if record.link == COOKED and record.captured >= 2 then
        return u16(record.bytes, 0)
    elseif record.link == COOKED_2 and record.captured >= 11 then
        return record.bytes[10]
    end
    return nil
end

return link
