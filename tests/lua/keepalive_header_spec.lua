-- SPDX-License-Identifier: GPL-2.0-or-later

local header = require "keepalive_header"

-- The bytes of a text of hexadecimal digits; blanks do not count.
local function bytes(hex)
    return (hex:gsub("%s", ""):gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end))
end

-- Port 38742 to 9092, numbers at the upper end, 32 bytes of header, PSH and ACK, window 501.
local TCP = "9756 2384 fffffffe 80000001 80 18 01f5"

-- An IPv4 header from 10.226.11.15 to 10.226.5.4, with changes by byte number.
local function ipv4(changes)
    local parts = {}
    for part in ("45 00 00 48 1f 2e 40 00 40 06 00 00 0a e2 0b 0f 0a e2 05 04"):gmatch("%S+") do
        parts[#parts + 1] = part
    end
    for number, part in pairs(changes or {}) do
        parts[number] = part
    end
    return table.concat(parts, " ")
end

local IPV6 = "60000000 0020 06 40 20010db8000000000000000000000001 fe800000000000000000000000000a0b"

local READ = {
    source_port = 38742, destination_port = 9092, seq = 4294967294, ack = 2147483649, header_len = 32, flags = 24, window = 501,
}

local function with(more)
    local all = {}
    for name, value in pairs(READ) do
        all[name] = value
    end
    for name, value in pairs(more) do
        all[name] = value
    end
    return all
end

describe("a TCP header (RFC 9293, 3.1)", function()
    it("is read from its bytes", function()
        local segment = {}
        assert.is_true(header.read(segment, bytes(TCP)))
        assert.are.same(READ, segment)
    end)

    it("does not count the reserved bits to its length", function()
        local segment = {}
        assert.is_true(header.read(segment, bytes((TCP:gsub("80 18", "5f 18")))))
        assert.are.equal(20, segment.header_len)
    end)

    it("is none when it says that it is shorter than a header", function()
        assert.is_false(header.read({}, bytes((TCP:gsub("80 18", "40 18")))))
    end)

    it("is read after an IPv4 header, which tells the payload's length", function()
        local segment = {}
        assert.are.equal(72, header.read_after_ipv4(segment, bytes(ipv4() .. TCP), 0))
        assert.are.same(with({ len = 20, ip_id = 0x1f2e }), segment)
    end)

    it("has its numbers in the order of the network, whatever each octet is", function()
        local options = ("\0"):rep(12)
        for octet = 0, 255, 15 do
            local b = { octet, (octet * 7 + 3) % 256, (octet * 31 + 5) % 256, 255 - octet, (octet * 13 + 1) % 256, 200 - octet % 200,
                (octet + 128) % 256, (octet * 3 + 77) % 256, octet, 255 - octet, (octet * 5 + 9) % 256, 250 - octet % 50 }
            local tcp = string.char(b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], 0x80, 0x18, b[2], b[5])
            local function number(from, to)
                local value = 0
                for i = from, to do
                    value = value * 256 + b[i]
                end
                return value
            end
            for read, before in pairs {
                [header.read] = "", [header.read_after_ipv4] = bytes(ipv4()), [header.read_after_ipv6] = bytes(IPV6),
            } do
                local segment = {}
                assert.is_truthy(read(segment, before .. tcp .. options, 0))
                assert.are.same({ number(1, 2), number(3, 4), number(5, 8), number(9, 12), b[2] * 256 + b[5] },
                    { segment.source_port, segment.destination_port, segment.seq, segment.ack, segment.window })
            end
        end
    end)

    it("is as long as it says, whatever the reserved bits beside that are (the last of them is AE, RFC 9768)", function()
        for bits = 0, 15 do
            local tcp = bytes((TCP:gsub("80 18", ("8%x 18"):format(bits))))
            for read, before in pairs {
                [header.read] = "", [header.read_after_ipv4] = bytes(ipv4()), [header.read_after_ipv6] = bytes(IPV6),
            } do
                local segment = {}
                assert.is_truthy(read(segment, before .. tcp, 0))
                assert.are.equal(32, segment.header_len)
            end
        end
    end)

    it("is read after an IPv6 header as well, which has no identification", function()
        local segment = { ip_id = 1 }
        assert.are.equal(72, header.read_after_ipv6(segment, bytes("0800" .. IPV6 .. TCP), 2))
        assert.are.same(with({ len = 0 }), segment)
        assert.is_nil(header.read_after_ipv6({}, bytes((IPV6:gsub("06 40", "2c 40")) .. TCP), 0))
        assert.is_nil(header.read_after_ipv6({}, bytes((IPV6:gsub("^6", "4")) .. TCP), 0))
        assert.is_nil(header.read_after_ipv6({}, bytes((IPV6:gsub("0020", "001f")) .. TCP), 0))
    end)

    it("is not read after what is not a whole IPv4 packet without options that carries TCP", function()
        for _, changes in ipairs {
            { [1] = "46" }, { [1] = "65" }, { [10] = "11" }, { [7] = "20" }, { [7] = "00", [8] = "01" }, { [7] = "1f" },
            { [4] = "33" }, { [4] = "00" },
        } do
            assert.is_nil(header.read_after_ipv4({}, bytes(ipv4(changes) .. TCP), 0))
        end
        assert.is_nil(header.read_after_ipv4({}, bytes(ipv4() .. (TCP:gsub("80 18", "40 18"))), 0))
        assert.is_truthy(header.read_after_ipv4({}, bytes(ipv4({ [4] = "34" }) .. TCP), 0))
        assert.is_truthy(header.read_after_ipv4({}, bytes(ipv4({ [7] = "80" }) .. TCP), 0))
    end)
end)

describe("the addresses before a TCP header", function()
    it("are those of IPv4", function()
        assert.are.same({ "10.226.11.15", "10.226.5.4" }, { header.ipv4_addresses(bytes(ipv4())) })
    end)

    it("are those of IPv6", function()
        assert.are.same({ "2001:0db8:0000:0000:0000:0000:0000:0001", "fe80:0000:0000:0000:0000:0000:0000:0a0b" },
            { header.ipv6_addresses(bytes(IPV6)) })
    end)

    it("are none where options or extension headers lie between, or other bytes", function()
        assert.is_nil(header.ipv4_addresses(bytes(ipv4({ [1] = "46" }))))
        assert.is_nil(header.ipv4_addresses(bytes(ipv4({ [10] = "29" }))))
        assert.is_nil(header.ipv6_addresses(bytes((IPV6:gsub("06 40", "2c 40")))))
        assert.is_nil(header.ipv6_addresses(bytes((IPV6:gsub("^6", "4")))))
    end)

    it("name an end with its port, IPv6 in brackets", function()
        assert.are.equal("10.226.5.4:9092", header.endpoint("10.226.5.4", 9092))
        assert.are.equal("[2001:db8::1]:9092", header.endpoint("2001:db8::1", 9092))
    end)
end)

describe("a link's header before IPv4", function()
    local ADDRESSES = ("\2"):rep(12)
    local function tells(link)
        return not header.tells_no_length(#link, function() return link end)
    end

    it("tells no length where it is raw IP, PPP, Ethernet II with tags or without, loopback or Linux cooked", function()
        for _, link in ipairs { "", "\0\33", "\2\0\0\0", ADDRESSES .. "\8\0", ("\0"):rep(14) .. "\8\0",
            ADDRESSES .. "\129\0\0\5\8\0", ADDRESSES .. "\136\168\0\6\129\0\0\5\8\0", "\8\0" .. ("\0"):rep(18) } do
            assert.is_false(tells(link), #link)
        end
    end)

    it("tells one, or may, where it is anything else of the same size", function()
        local ip_in_ip = "\69\0\0\80" .. ("\0"):rep(16)
        local pppoe = ADDRESSES .. "\136\100\17\0\0\7\0\42\0\33"
        local ieee_802_3 = ADDRESSES .. "\0\60\170\170\3\0\0\0\8\0"
        local pppoe_in_mpls = ADDRESSES .. "\136\71\0\0\1\64"
        for _, link in ipairs { ip_in_ip, pppoe, ieee_802_3, pppoe_in_mpls, pppoe .. "\0\0\0\0" } do
            assert.is_true(tells(link), #link)
        end
    end)

    it("have the timestamps option, wherever it stands", function()
        local stamps = "\8\10\0\0\1\2\255\255\255\255"
        for _, before in ipairs({ "\1\1", "", "\2\4\5\180\4\2", "\5\10" .. ("\1"):rep(8) .. "\1\1" }) do
            assert.are.same({ 258, 4294967295 }, { header.timestamps(before .. stamps) })
        end
        for _, without in ipairs({ "", "\1\1\1\1", "\0" .. stamps, "\1\1" .. stamps:sub(1, 9), "\2\0" .. stamps, "\8" }) do
            assert.is_nil(header.timestamps(without))
        end
    end)
end)

describe("the lengths around a TCP header", function()
    -- 20 bytes of header, which is the shortest.
    local SHORT = TCP:gsub("80 18", "50 18")

    it("have two octets each, and may leave no payload", function()
        local segment = {}
        assert.are.equal(0x0102, header.read_after_ipv4(segment, bytes(ipv4({ [3] = "01", [4] = "02" }) .. SHORT), 0))
        assert.are.equal(0x0102 - 40, segment.len)
        assert.are.equal(40, header.read_after_ipv4(segment, bytes(ipv4({ [4] = "28" }) .. SHORT), 0))
        assert.are.equal(0, segment.len)
        assert.are.equal(0x0140 + 40, header.read_after_ipv6(segment, bytes(IPV6:gsub("0020", "0140") .. SHORT), 0))
        assert.are.equal(0x0140 - 20, segment.len)
        for _, before in ipairs { 0, 2, 14, 18 } do
            local ipv6 = bytes(IPV6:gsub("0020", "0014") .. SHORT)
            assert.are.equal(60, header.read_after_ipv6(segment, ("\2"):rep(before) .. ipv6, before))
            assert.are.equal(0, segment.len)
        end
    end)

    it("are told by the first bytes of the header alone", function()
        assert.are.equal(header.TCP_READ, #bytes(TCP))
    end)
end)

describe("the octets of a timestamps option", function()
    it("are four of each number, the highest first", function()
        local value, echo = header.timestamps("\8\10\1\2\3\4\5\6\7\8")
        assert.are.same({ 0x01020304, 0x05060708 }, { value, echo })
    end)

    it("are read after a single filler, too", function()
        assert.are.same({ 258, 1 }, { header.timestamps("\1\8\10\0\0\1\2\0\0\0\1") })
    end)
end)

describe("an ordinary segment", function()
    it("has none of SYN, FIN and RST, whatever else", function()
        for flags = 0, 255 do
            local opens_or_closes = flags % 2 == 1 or math.floor(flags / 2) % 2 == 1 or math.floor(flags / 4) % 2 == 1
            assert.are.equal(not opens_or_closes, header.is_ordinary({ flags = flags }))
        end
    end)
end)

describe("the source of an IPv4 header that carries something else", function()
    it("is told for that protocol, and without options", function()
        local icmp = ipv4({ [10] = "01" })
        assert.are.equal("10.226.11.15", header.ipv4_source(bytes(icmp), 1))
        assert.is_nil(header.ipv4_source(bytes(icmp), 6))
        assert.is_nil(header.ipv4_source(bytes(ipv4({ [1] = "46", [10] = "01" })), 1))
    end)
end)

describe("the tags of VLANs", function()
    local ADDRESSES = ("\2"):rep(12)
    local function tells(link)
        return not header.tells_no_length(#link, function() return link end)
    end

    it("are those of IEEE 802.1Q, 802.1ad and of switches before it, two of them before IPv4", function()
        for _, tag in ipairs { "\129\0", "\136\168", "\145\0" } do
            assert.is_false(tells(ADDRESSES .. tag .. "\0\5\8\0"))
            assert.is_false(tells(ADDRESSES .. tag .. "\0\6\129\0\0\5\8\0"))
            assert.is_true(tells(ADDRESSES .. tag .. "\0\6\136\71\0\0\8\0"))
            assert.is_true(tells(ADDRESSES .. "\136\71\0\6" .. tag .. "\0\5\8\0"))
            assert.is_true(tells(ADDRESSES .. tag .. "\0\6\129\0\0\5\136\100"))
        end
    end)
end)
