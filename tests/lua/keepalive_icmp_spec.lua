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
            address = "10.226.11.15",
        }, read("03 0d 0000 00000000", IPV4, 4))
        local message = read("01 03 0000 00000000", IPV6, 6)
        assert.are.same({ "host_unreachable", 38742, "2001:0db8:0000:0000:0000:0000:0000:0001" },
            { message.reason, message.source_port, message.address })
    end)

    it("tells how large a packet may be, where it does", function()
        assert.are.equal(1400, read("03 04 0000 0000 0578", IPV4, 4).mtu)
        assert.are.equal(1280, read("02 00 0000 00000500", IPV6, 6).mtu)
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
        assert.is_nil(icmp.read(bytes("03 0d 0000 00000000" .. IPV4 .. "9756 2384"), 4))
        assert.is_nil(icmp.read(bytes("03 0d 0000 00000000"), 4))
        assert.is_nil(icmp.read("", 4))
    end)
end)
