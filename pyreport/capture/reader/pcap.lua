-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Records of a pcap file (draft-ietf-opsawg-pcap): microseconds or nanoseconds, both byte orders.
-- A reader of records is an object with next(self, record): it fills `record` and returns true; returns false at the end of the
-- file, and then is_cut says whether the file ends in the middle of a record; returns nil and a reason for what is not read
-- here. seek(self, place) goes back to a record. A record: place (in the file), bytes (uint8_t *, good until the next call),
-- captured and length (octets), link (LINKTYPE_ number), seconds and nanoseconds (since the epoch).

local octets = require "octets"

local pcap = {}
pcap.__index = pcap

local FILE_HEADER, RECORD_HEADER = 24, 16
-- Wireshark (wiretap/wtap.h, WTAP_MAX_PACKET_SIZE_STANDARD) takes a longer record for damage.
pcap.LONGEST = 262144
-- A packet that is said to be longer on the wire is no packet either (wiretap/libpcap.c).
pcap.LONGEST_ON_WIRE = 134217728

-- The first four octets, big endian: byte order and nanoseconds a unit.
local MAGICS = {
    [0xA1B2C3D4] = { is_little = false, unit = 1000 },
    [0xD4C3B2A1] = { is_little = true, unit = 1000 },
    [0xA1B23C4D] = { is_little = false, unit = 1 },
    [0x4D3CB2A1] = { is_little = true, unit = 1 },
}

--- The reader of a file's records; nil and a reason when the file is none of this kind.
function pcap.open(input)
    local header = input:peek(FILE_HEADER)
    local kind = header and MAGICS[octets.u32(header, 0)]
    if not kind then
        return nil, "container"
    end
    local u16, u32 = octets.of_order(kind.is_little)
    local link = u32(header, 20)
    -- The high bits tell of a frame check sequence.
    if u16(header, 4) ~= 2 or u16(header, 6) ~= 4 or link > 0xFFFF then
        return nil, "container"
    end
    input:skip(FILE_HEADER)
    return setmetatable({ input = input, u32 = u32, unit = kind.unit, link = link, is_cut = false }, pcap)
end

--- The next record, as described above.
function pcap:next(record)
    local input, u32 = self.input, self.u32
    local header = input:peek(RECORD_HEADER)
    if not header then
        self.is_cut = not input:is_over()
        return false
    end
    local fraction, captured, length = u32(header, 4) * self.unit, u32(header, 8), u32(header, 12)
    if captured > pcap.LONGEST or captured > length or length > pcap.LONGEST_ON_WIRE or fraction >= 1000000000 then
        return nil, "damage"
    end
    record.seconds, record.nanoseconds = u32(header, 0), fraction
    local whole = input:peek(RECORD_HEADER + captured)
    if not whole then
        self.is_cut = true
        return false
    end
    record.place = input:tell()
    record.bytes, record.captured, record.length, record.link = whole + RECORD_HEADER, captured, length, self.link
    input:skip(RECORD_HEADER + captured)
    return true
end

--- Nothing is told of packets that were dropped.
function pcap.drops()
    return nil
end

--- Goes to a record that was read before.
function pcap:seek(place)
    self.input:seek(place)
end

return pcap
