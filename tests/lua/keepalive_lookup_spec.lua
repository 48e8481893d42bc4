-- SPDX-License-Identifier: GPL-2.0-or-later

local header = require "keepalive_header"
local lookup_of = require "keepalive_lookup"

local function bytes(hex)
    return (hex:gsub("%s", ""):gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end))
end

local ACK, SYN, FIN, RST = "10", "02", "11", "04"
local LINK, TAG = "020000000001 020000000002 0800", "020000000001 020000000002 8100 0001 0800"
local CLIENT, SERVER = "0a000001", "0a000002"
local V6_CLIENT, V6_SERVER = "20010db8000000000000000000000001", "20010db8000000000000000000000002"
local PORT, BROKER = "9756", "2384"

local function tcp(ports, flags)
    return ports .. "00000001 00000002 50" .. flags .. "01f5 0000 0000"
end

local function ipv4(link, ends, ports, flags, changes)
    return bytes(link .. (changes or "4500 0028 1f2e 4000 4006 0000") .. ends .. tcp(ports, flags))
end

local function ipv6(ends, ports, flags)
    return bytes("020000000001 020000000002 86dd 60000000 0014 06 40" .. ends .. tcp(ports, flags))
end

local OUT, OUT_PORTS = CLIENT .. SERVER, PORT .. BROKER
local BACK, BACK_PORTS = SERVER .. CLIENT, BROKER .. PORT

describe("the connection of a frame", function()
    local lookup

    before_each(function()
        lookup = lookup_of.new()
    end)

    -- What was noted, the offset of the TCP header and that of the packet's end.
    local function found(head)
        local noted, offset, packet_end = lookup:find(head)
        return { noted, noted and offset, noted and packet_end }
    end

    -- What `find` reads of the segment, in the names of keepalive_header.lua.
    local function read(head)
        local _, offset, packet_end, payload, seq, ack, len, flags, window, ip_id = lookup:find(head)
        return { packet_end = packet_end, header_len = payload - offset, seq = seq, ack = ack, len = len, flags = flags,
            window = window, ip_id = ip_id }
    end

    local function read_by(reader, head, at)
        local segment = {}
        segment.packet_end = at + reader(segment, head, at)
        segment.source_port, segment.destination_port = nil, nil
        return segment
    end

    it("is not known before Wireshark has told it, then it is, for this direction", function()
        local frame = ipv4(LINK, OUT, OUT_PORTS, ACK)
        assert.are.same({}, found(frame))
        lookup:note(frame, 34, 7)
        assert.are.same({ 7, 34, 54 }, found(frame))
        assert.is_nil(found(ipv4(LINK, BACK, BACK_PORTS, ACK))[1])
        assert.is_nil(found(ipv4(LINK, OUT, PORT .. "2385", ACK))[1])
    end)

    it("is found over IPv6 as well, at the same place", function()
        lookup:note(ipv4(LINK, OUT, OUT_PORTS, ACK), 34, 7)
        local frame = ipv6(V6_CLIENT .. V6_SERVER, OUT_PORTS, ACK)
        lookup:note(frame, 54, 8)
        assert.are.same({ 8, 54, 74 }, found(frame))
        assert.are.same({ 7, 34, 54 }, found(ipv4(LINK, OUT, OUT_PORTS, ACK)))
    end)

    it("comes with all that is read of the header elsewhere", function()
        local v4 = bytes(LINK .. "4500 0102 1f2e 4000 4006 0000" .. OUT .. OUT_PORTS .. "f1020304 fffefdfc 8018 0203 0000 0000")
            .. ("x"):rep(50)
        local v6 = bytes("020000000001 020000000002 86dd 6f812345 0123 06 40" .. V6_CLIENT .. V6_SERVER .. OUT_PORTS
            .. "f1020304 fffefdfc a010 fffe 0000 0000") .. ("x"):rep(50)
        lookup:note(v4, 34, 7)
        lookup:note(v6, 54, 8)
        assert.are.same(read_by(header.read_after_ipv4, v4, 14), read(v4))
        assert.are.same(read_by(header.read_after_ipv6, v6, 14), read(v6))
    end)

    it("is not looked up at another place than where Wireshark found it", function()
        lookup:note(ipv4(LINK, OUT, OUT_PORTS, ACK), 34, 7)
        assert.is_nil(found(ipv4(TAG, OUT, OUT_PORTS, ACK))[1])
    end)

    it("is found behind the tag of a VLAN, and not where a header before tells a length of its own, as PPPoE's", function()
        local tagged = ipv4(TAG, OUT, OUT_PORTS, ACK)
        lookup:note(tagged, 38, 7)
        assert.are.same({ 7, 38, 58 }, found(tagged))
        local bridged = ipv4("020000000001 020000000002 0004 0000 aaaa", OUT, OUT_PORTS, ACK)
        assert.is_nil(found(bridged)[1])
        local pppoe = ipv4("020000000001 020000000002 8864 1100 0001 002a 0021", OUT, OUT_PORTS, ACK)
        lookup:note(pppoe, 42, 7)
        assert.is_nil(found(pppoe)[1])
    end)

    it("is not looked up for a fragment, an IP header with options, other protocols or a cut header", function()
        local frame = ipv4(LINK, OUT, OUT_PORTS, ACK)
        lookup:note(frame, 34, 7)
        for _, changes in ipairs {
            "4500 0028 1f2e 2000 4006 0000", "4600 0028 1f2e 4000 4006 0000", "4500 0028 1f2e 4000 4011 0000",
            "4500 0020 1f2e 4000 4006 0000",
        } do
            assert.is_nil(found(ipv4(LINK, OUT, OUT_PORTS, ACK, changes))[1])
        end
        assert.is_nil(found(frame:sub(1, -2))[1])
        assert.is_nil(found("")[1])
    end)

    -- The headers of a segment with `payload` bytes, of which the IP header tells `told` after itself, and TCP's its own length.
    local function told(link, told_len, data_offset, flags, payload)
        local rest = OUT_PORTS .. "00000001 00000002" .. data_offset .. flags .. "01f5 0000 0000"
        local head = link == "v4" and LINK .. ("4500 %04x 1f2e 4000 4006 0000"):format(20 + told_len) .. OUT
            or "020000000001 020000000002 86dd 60000000" .. ("%04x 06 40"):format(told_len) .. V6_CLIENT .. V6_SERVER
        return bytes(head .. rest) .. ("x"):rep(payload)
    end

    it("is looked up for a TCP header that the packet has room for, of 20 bytes at least, over either IP", function()
        lookup:note(told("v4", 20, "50", ACK, 0), 34, 7)
        lookup:note(told("v6", 20, "50", ACK, 0), 54, 8)
        for link, stream in pairs { v4 = 7, v6 = 8 } do
            assert.are.equal(stream, found(told(link, 20, "50", ACK, 0))[1])
            assert.are.equal(stream, found(told(link, 70, "50", ACK, 50))[1])
            assert.are.equal(stream, found(told(link, 32, "80", ACK, 12))[1])
            -- Reserved bits are none of its length.
            assert.are.same({ 20, 0 }, { read(told(link, 20, "5f", ACK, 0)).header_len, read(told(link, 20, "5f", ACK, 0)).len })
            assert.is_nil(found(told(link, 19, "50", ACK, 0))[1])
            assert.is_nil(found(told(link, 31, "80", ACK, 12))[1])
            assert.is_nil(found(told(link, 70, "40", ACK, 50))[1])
        end
    end)

    it("is looked up with ACK and PSH, whatever is said of congestion, and with no other flag", function()
        lookup:note(told("v4", 20, "50", ACK, 0), 34, 7)
        lookup:note(told("v6", 20, "50", ACK, 0), 54, 8)
        for link, stream in pairs { v4 = 7, v6 = 8 } do
            for _, flags in ipairs { "10", "18", "50", "90", "d8", "30" } do
                assert.are.equal(stream, found(told(link, 20, "50", flags, 0))[1], flags)
            end
            for _, flags in ipairs { "00", "08", "01", "02", "04", "11", "12", "14", "19", "1c" } do
                assert.is_nil(found(told(link, 20, "50", flags, 0))[1], flags)
            end
        end
    end)

    it("is looked up over IPv6 for TCP right behind its header, of version 6 and long enough", function()
        local frame = told("v6", 20, "50", ACK, 0)
        lookup:note(frame, 54, 8)
        for version, expected in pairs { ["5f"] = false, ["60"] = 8, ["6f"] = 8, ["70"] = false } do
            assert.are.equal(expected or nil, found(frame:sub(1, 14) .. bytes(version) .. frame:sub(16))[1], version)
        end
        assert.is_nil(found(frame:sub(1, 20) .. bytes("11") .. frame:sub(22))[1])
        assert.is_nil(found(frame:sub(1, -2))[1])
    end)

    it("is not looked up for SYN, FIN and RST: the next segment may be of another connection", function()
        lookup:note(ipv4(LINK, OUT, OUT_PORTS, ACK), 34, 7)
        for _, flags in ipairs { SYN, FIN, RST, "12", "14" } do
            assert.is_nil(found(ipv4(LINK, OUT, OUT_PORTS, flags))[1])
        end
    end)

    it("is forgotten in both directions, at all places, and no other is", function()
        local out, back = ipv4(LINK, OUT, OUT_PORTS, ACK), ipv4(LINK, BACK, BACK_PORTS, ACK)
        local tagged, other = ipv4(TAG, OUT, OUT_PORTS, ACK), ipv4(LINK, OUT, PORT .. "2385", ACK)
        lookup:note(tagged, 38, 7)
        for frame, stream in pairs { [out] = 7, [back] = 7, [other] = 9 } do
            lookup:note(frame, 34, stream)
        end
        lookup:forget(ipv4(LINK, BACK, BACK_PORTS, SYN), 34)
        assert.is_nil(found(out)[1])
        assert.is_nil(found(back)[1])
        assert.are.equal(9, found(other)[1])
        lookup:note(ipv4(TAG, OUT, PORT .. "2386", ACK), 38, 10)
        assert.is_nil(found(tagged)[1])
    end)

    it("is forgotten for all when a SYN came through a tunnel, whose ends are not read", function()
        local frame = ipv4(LINK, OUT, OUT_PORTS, ACK)
        lookup:note(frame, 34, 7)
        lookup:forget(frame, 90)
        assert.is_nil(found(frame)[1])
    end)

    it("is not noted of a frame that is cut before the end of its headers", function()
        local v4, v6 = ipv4(LINK, OUT, OUT_PORTS, ACK), ipv6(V6_CLIENT .. V6_SERVER, OUT_PORTS, ACK)
        for frame, offset in pairs { [v4] = 34, [v6] = 54 } do
            for length = 0, #frame - 1 do
                lookup:note(frame:sub(1, length), offset, 7)
                lookup:forget(frame:sub(1, length), offset)
                assert.is_nil(found(frame)[1])
            end
            lookup:note(frame, offset, 7)
            assert.are.equal(7, found(frame)[1])
        end
    end)

    it("is not kept when both ports are the same, which do not tell who sends", function()
        local frame = ipv4(LINK, OUT, PORT .. PORT, ACK)
        lookup:note(frame, 34, 7)
        assert.is_nil(found(frame)[1])
    end)
end)
