-- SPDX-License-Identifier: GPL-2.0-or-later

local icmp = require "keepalive_icmp"

local function bytes(hex)
    return (hex:gsub("%s", ""):gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end))
end

-- Type and code, checksum, the rest; the quoted IP header; eight bytes of TCP: port 38742 to 9092, number fffffffe.
local TCP = "9756 2384 fffffffe"
local IPV4 = "45000034 1f2e4000 40 06 0000 0ae20b0f 0ae20504"
local IPV6 = "60000000 0020 06 40 20010db8000000000000000000000001 fe800000000000000000000000000a0b"

local function read(head, ip, version)
    return icmp.read(bytes(head .. ip .. TCP), version)
end

describe("an ICMP error", function()
    it("tells which segment is refused, and why", function()
        assert.are.same({
            kind = 3, code = 13, reason = "prohibited", source_port = 38742, destination_port = 9092, seq = 4294967294,
            address = "10.226.11.15", destination = "10.226.5.4",
        }, read("03 0d 0000 00000000", IPV4, 4))
        local message = read("01 03 0000 00000000", IPV6, 6)
        assert.are.same({ "host_unreachable", 38742, "2001:0db8:0000:0000:0000:0000:0000:0001",
            "fe80:0000:0000:0000:0000:0000:0000:0a0b" },
            { message.reason, message.source_port, message.address, message.destination })
    end)

    -- RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1; RFC 4443 section 3.
    local REASONS = {
        [4] = {
            [3] = "net_unreachable host_unreachable protocol_unreachable port_unreachable too_big net_unreachable net_unreachable "
                .. "host_unreachable - prohibited prohibited net_unreachable host_unreachable prohibited prohibited prohibited -",
            [4] = "- -", [5] = "- -", [11] = "hops_exceeded -", [12] = "- -",
        },
        [6] = {
            [1] = "net_unreachable prohibited net_unreachable host_unreachable port_unreachable prohibited prohibited - -",
            [2] = "too_big -", [3] = "hops_exceeded -", [4] = "- -", [128] = "- -",
        },
    }

    it("has its reason from its type and code", function()
        for version, types in pairs(REASONS) do
            for kind, reasons in pairs(types) do
                local code = 0
                for reason in reasons:gmatch("%S+") do
                    local message = read(("%02x %02x 0000 00000500"):format(kind, code), version == 4 and IPV4 or IPV6, version)
                    assert.are.equal(reason, message and message.reason or "-", version .. ": " .. kind .. "/" .. code)
                    code = code + 1
                end
            end
        end
    end)

    it("is read from its first bytes, however many options the quoted header has", function()
        local longest = bytes("03 01 0000 00000000" .. "4f" .. IPV4:sub(3) .. ("01"):rep(40) .. TCP)
        assert.are.equal(icmp.MOST, #longest)
        assert.are.equal(9092, icmp.read(longest, 4).destination_port)
        assert.is_nil(icmp.read(longest:sub(1, icmp.MOST - 1), 4))
    end)

    it("tells how large a packet may be, where it does", function()
        assert.are.equal(1400, read("03 04 0000 0000 0578", IPV4, 4).mtu)
        assert.are.equal(1280, read("02 00 0000 00000500", IPV6, 6).mtu)
        -- What ICMPv6 has 32 bits for, ICMP has 16; the two before them are unused (RFC 1191 section 4).
        assert.are.equal(0x01020304, read("02 00 0000 01020304", IPV6, 6).mtu)
        assert.are.equal(0x0304, read("03 04 0000 0102 0304", IPV4, 4).mtu)
        assert.is_nil(read("03 04 0000 0000 0000", IPV4, 4).mtu)
    end)

    it("reads over the options of the quoted header", function()
        assert.are.equal(9092, read("03 01 0000 00000000", "46000038 1f2e4000 40 06 0000 0ae20b0f 0ae20504 01010100", 4)
            .destination_port)
    end)

    it("is none when it is another message, quotes no TCP, or too little of it", function()
        assert.is_nil(read("08 00 0000 00000000", IPV4, 4))
        assert.is_nil(read("03 63 0000 00000000", IPV4, 4))
        assert.is_nil(read("03 0d 0000 00000000", (IPV4:gsub("40 06", "40 11")), 4))
        assert.is_nil(read("03 0d 0000 00000000", IPV6, 4))
        -- A later fragment has no TCP header; the first one, with more to come, has.
        assert.is_nil(read("03 0d 0000 00000000", (IPV4:gsub("4000 40", "0001 40")), 4))
        assert.are.equal(9092, read("03 0d 0000 00000000", (IPV4:gsub("4000 40", "2000 40")), 4).destination_port)
        assert.is_nil(icmp.read(bytes("03 0d 0000 00000000" .. IPV4 .. "9756 2384"), 4))
        assert.is_nil(icmp.read(bytes("03 0d 0000 00000000"), 4))
        assert.is_nil(icmp.read("", 4))
    end)
end)

describe("the segment that an ICMP error quotes", function()
    -- The frame that is told for the number `seq` of the client, on a connection whose client has sent ten octets at 1000 in
    -- frame 1, ten more in frame 2, and a probe in frame 3 where `probes`.
    local function segment_of(seq, is_acknowledged, probes)
        local found
        local side = {
            name = "client", snd_nxt = 1020, last_seq = 1010, last_frame = 2, probing = {},
            outstanding = { frame = not is_acknowledged and 1 or nil, seq = 1000 },
        }
        if probes then
            side.probing.pending, side.last_seq, side.last_frame = { frame = 3, seq = 1019 }, 1019, 3
        end
        local tracker = { log = { add = function(_, _, _, _, data) found = data end } }
        icmp.note(tracker, 9, "203.0.113.1", { seq = seq, reason = "prohibited", kind = 3, code = 13 }, side)
        return found and (found.segment or "of no known frame")
    end

    it("is the side's last one, its probe, or the first that is not acknowledged", function()
        assert.are.equal(2, segment_of(1010))
        assert.are.equal(1, segment_of(1000))
        assert.are.equal(3, segment_of(1019, true, true))
    end)

    it("is not told where none of these has its number, and is none of the side's where it never sent that", function()
        assert.are.equal("of no known frame", segment_of(1005))
        assert.are.equal("of no known frame", segment_of(1000, true))
        assert.are.equal("of no known frame", segment_of(1018, true, true))
        assert.is_nil(segment_of(1021))
    end)
end)

describe("a number that an ICMP error quotes", function()
    local function is_under_way(seq, side)
        return icmp.is_under_way(side, seq)
    end

    it("is under way from the first that is not acknowledged, or that of a probe, to SND.NXT", function()
        local side = { snd_una = 1010, snd_nxt = 1020, last_seq = 1010 }
        for number, expected in pairs { [1008] = false, [1009] = true, [1010] = true, [1020] = true, [1021] = false } do
            assert.are.equal(expected, is_under_way(number, side), number)
        end
    end)

    it("is counted from the first that is outstanding, or the last one sent, where nothing was acknowledged", function()
        local side = { snd_nxt = 1020, last_seq = 1010, outstanding = { frame = 1, seq = 1000 } }
        assert.is_true(is_under_way(1000, side))
        assert.is_false(is_under_way(999, side))
        side.outstanding.frame = nil
        assert.is_true(is_under_way(1010, side))
        assert.is_false(is_under_way(1009, side))
    end)

    it("may have wrapped around", function()
        local side = { snd_una = 0, snd_nxt = 5, last_seq = 0 }
        assert.is_true(is_under_way(4294967295, side))
        assert.is_false(is_under_way(4294967294, side))
    end)

    it("is none of a side that has sent nothing", function()
        assert.is_false(is_under_way(0, {}))
    end)
end)

describe("the end that sent what an ICMP error quotes", function()
    it("is known by its port, and by its address where both have the same", function()
        assert.are.equal(38742, icmp.source_of({ source_port = 38742, destination_port = 9092 }, "10.226.11.15"))
        assert.are.equal("10.226.11.15", icmp.source_of({ source_port = 9092, destination_port = 9092 }, "10.226.11.15"))
    end)
end)

describe("the weight of an ICMP error", function()
    it("is a note where it is about the size, which path MTU discovery lives on, else a warning", function()
        for reason, level in pairs { too_big = "NOTE", prohibited = "WARN", hops_exceeded = "WARN" } do
            local found
            local tracker = { log = { add = function(_, _, _, of) found = of end } }
            icmp.note(tracker, 9, "203.0.113.1", { seq = 1, reason = reason }, { name = "client", probing = {} })
            assert.are.equal(level, found)
        end
    end)
end)

describe("what an ICMPv6 error quotes", function()
    it("is the whole IPv6 header and eight bytes of TCP at least", function()
        local message = bytes("01 03 0000 00000000" .. IPV6 .. TCP)
        assert.is_truthy(icmp.read(message, 6))
        assert.is_nil(icmp.read(message:sub(1, -2), 6))
    end)

    it("tells a size of one octet, too, if a device says so", function()
        assert.are.equal(1, read("02 00 0000 00000001", IPV6, 6).mtu)
    end)
end)
