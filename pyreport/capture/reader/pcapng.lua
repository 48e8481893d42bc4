-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Records of a pcapng file (draft-ietf-opsawg-pcapng): both byte orders, several sections and interfaces, any resolution of
-- time. Gives what pcap.lua describes. Blocks that hold no packets are passed over; packets without a time (Simple Packet
-- Block), journal entries and blocks of companies are not read here, since Wireshark counts some of them as frames.

local ffi = require "ffi"
local octets = require "octets"
local pcap = require "pcap"

local pcapng = {}
pcapng.__index = pcapng

local SECTION_HEADER, INTERFACE_DESCRIPTION, PACKET, ENHANCED_PACKET = 0x0A0D0D0A, 1, 2, 6
local NAME_RESOLUTION, DECRYPTION_SECRETS = 4, 10
local INTERFACE_STATISTICS, IF_DROP, OS_DROP = 5, 5, 7
local BYTE_ORDER_MAGIC = 0x1A2B3C4D
local END_OF_OPTIONS, IF_TSRESOL, IF_TSOFFSET = 0, 9, 14
-- Around a block's body: type, length, and the length again.
local AROUND = 12
-- Wireshark (wiretap/pcapng.c, MAX_BLOCK_SIZE) takes a longer block for damage.
local LONGEST_BLOCK = 16777216
-- What comes before the packet's bytes in the two blocks that have one.
local BEFORE_PACKET = 28

local u64 = ffi.typeof("uint64_t")
local BILLION = u64(1000000000)

--- The reader of a file's records; nil and a reason when the file is none of this kind.
function pcapng.open(input)
    local start = input:peek(12)
    if not start or octets.u32(start, 0) ~= SECTION_HEADER then
        return nil, "container"
    end
    return setmetatable({ input = input, interfaces = {}, count = 0, sections = {}, dropped = {}, is_cut = false }, pcapng)
end

-- The byte order of the section that starts here; nil when there is none.
local function read_order(self, block)
    for _, is_little in ipairs { true, false } do
        local u16, u32 = octets.of_order(is_little)
        if u32(block, 8) == BYTE_ORDER_MAGIC then
            self.u16, self.u32 = u16, u32
            return true
        end
    end
    return nil
end

-- Calls `take` with the code, place and length of each option between two places of a block. Returns whether all of them end
-- before `stop`.
local function each_option(self, block, start, stop, take)
    local u16 = self.u16
    while start + 4 <= stop do
        local code, length = u16(block, start), u16(block, start + 2)
        if code == END_OF_OPTIONS then
            return length == 0
        end
        local after = start + 4 + length + (-length) % 4
        if after > stop then
            return false
        end
        if take then
            take(code, start + 4, length)
        end
        start = after
    end
    return start == stop
end

-- Ticks a second by an if_tsresol option: a power of 10, or of 2 with the high bit set; nil for one that no uint64_t holds.
local function ticks_a_second(resolution)
    local base, exponent = 10, resolution
    if resolution >= 128 then
        base, exponent = 2, resolution - 128
    end
    if exponent > (base == 2 and 63 or 19) then
        return nil
    end
    local ticks = u64(1)
    for _ = 1, exponent do
        ticks = ticks * base
    end
    return ticks
end

local function read_interface(self, block, length)
    local interface = { link = self.u16(block, 8), ticks = u64(1000000), offset = 0 }
    local counts = { [IF_TSRESOL] = 0, [IF_TSOFFSET] = 0 }
    local is_fine = length >= 20 and each_option(self, block, 16, length - 4, function(code, at, size)
        counts[code] = counts[code] and counts[code] + 1
        if code == IF_TSRESOL and size == 1 then
            interface.ticks = ticks_a_second(block[at])
        elseif code == IF_TSOFFSET and size == 8 then
            local first, second = self.u32(block, at), self.u32(block, at + 4)
            local high, low = first, second
            if self.u32 == octets.u32_little then
                high, low = second, first
            end
            interface.offset = (high >= 0x80000000 and high - 4294967296 or high) * 4294967296 + low
        end
    end)
    -- Of two clocks, which one counts is Wireshark's to say.
    if not is_fine or not interface.ticks or counts[IF_TSRESOL] > 1 or counts[IF_TSOFFSET] > 1 then
        return nil, "damage"
    end
    self.interfaces[self.count] = interface
    self.count = self.count + 1
    return true
end

-- The interface of a packet, its captured length, that on the wire, and where the options begin, by the part of its block that comes
-- before its bytes; nil when that is not as it has to be.
local function before_packet(self, block, kind, length)
    if length < BEFORE_PACKET + 4 then
        return nil
    end
    local interface = self.interfaces[kind == PACKET and self.u16(block, 8) or self.u32(block, 8)]
    local captured, on_wire = self.u32(block, 20), self.u32(block, 24)
    local after = BEFORE_PACKET + captured + (-captured) % 4
    if captured > pcap.LONGEST or captured > on_wire or on_wire > pcap.LONGEST_ON_WIRE or after + 4 > length then
        return nil
    end
    return interface, captured, on_wire, after
end

local function read_packet(self, block, kind, length, record)
    local u32 = self.u32
    local interface, captured, on_wire, after = before_packet(self, block, kind, length)
    if not interface or not each_option(self, block, after, length - 4) then
        return nil, "damage"
    end
    local time, ticks = u64(u32(block, 12)) * 4294967296ULL + u64(u32(block, 16)), interface.ticks
    record.seconds = tonumber(time / ticks) + interface.offset
    -- With very fine ticks the product wraps around, in Wireshark as here (wiretap/pcapng.c).
    record.nanoseconds = tonumber((time % ticks) * BILLION / ticks)
    record.bytes, record.captured, record.length, record.link = block + BEFORE_PACKET, captured, on_wire, interface.link
    return true
end

-- Keeps what an interface's statistics say of packets that were dropped; the last ones of an interface count. Returns whether what
-- the block says of its size fits into it.
local function read_statistics(self, block, length)
    local drops = {}
    local is_fine = length >= 24 and each_option(self, block, 20, length - 4, function(code, at, size)
        if (code == IF_DROP or code == OS_DROP) and size == 8 then
            local low, high = self.u32(block, at), self.u32(block, at + 4)
            if self.u32 ~= octets.u32_little then
                low, high = high, low
            end
            drops[code] = high * 4294967296 + low
        end
    end)
    if next(drops) then
        self.dropped[#self.sections .. "/" .. self.u32(block, 8)] = drops
    end
    return is_fine
end

-- Whether what a block without packets says of its own size fits into it. Wireshark reads no file on behind one that does not.
local is_sound = {
    [INTERFACE_STATISTICS] = read_statistics,
    [NAME_RESOLUTION] = function(self, block, length)
        return length > AROUND and each_option(self, block, 8, length - 4)
    end,
    [DECRYPTION_SECRETS] = function(self, block, length)
        return length >= AROUND + 8 and self.u32(block, 12) <= length - AROUND - 8
    end,
}

-- What a block is: true for a record, false for one without a packet, nil and a reason for what is not read here.
local function read_block(self, block, kind, length, record)
    if kind == ENHANCED_PACKET or kind == PACKET then
        return read_packet(self, block, kind, length, record)
    elseif kind == INTERFACE_DESCRIPTION then
        local is_fine, reason = read_interface(self, block, length)
        return is_fine and false, reason
    elseif kind == SECTION_HEADER then
        if length < 28 or self.u16(block, 12) ~= 1 or self.u16(block, 14) ~= 0
            or not each_option(self, block, 24, length - 4) then
            return nil, "damage"
        end
        self.interfaces, self.count = {}, 0
        table.insert(self.sections, { place = self.input:tell(), interfaces = self.interfaces, u16 = self.u16, u32 = self.u32 })
        return false
    end
    local is_fine = is_sound[kind]
    if not is_fine then
        return nil, "block"
    elseif not is_fine(self, block, length) then
        return nil, "damage"
    end
    return false
end

--- The next record, as pcap.lua describes it.
function pcapng:next(record)
    local input = self.input
    while true do
        local block = input:peek(AROUND)
        if not block then
            self.is_cut = not input:is_over()
            return false
        end
        if octets.u32(block, 0) == SECTION_HEADER and not read_order(self, block) then
            return nil, "damage"
        end
        local kind, length = self.u32(block, 0), self.u32(block, 4)
        if length < AROUND or length % 4 ~= 0 or length > LONGEST_BLOCK then
            return nil, "damage"
        end
        block = input:peek(length)
        if not block then
            -- Wireshark looks at what comes before the bytes of a packet first, and calls that damage.
            block = (kind == ENHANCED_PACKET or kind == PACKET) and input:peek(BEFORE_PACKET)
            if block and not before_packet(self, block, kind, length) then
                return nil, "damage"
            end
            -- So it does with what is whole but for the length that ends a block.
            block = is_sound[kind] and input:peek(length - 4)
            if block and not is_sound[kind](self, block, length) then
                return nil, "damage"
            end
            self.is_cut = true
            return false
        end
        if self.u32(block, length - 4) ~= length then
            return nil, "damage"
        end
        local is_record, reason = read_block(self, block, kind, length, record)
        if is_record == nil then
            return nil, reason
        end
        record.place = input:tell()
        input:skip(length)
        if is_record then
            return true
        end
    end
end

--- How many packets the interfaces dropped, and the system, before they got into the file; nil when the file does not tell.
function pcapng:drops()
    if not next(self.dropped) then
        return nil
    end
    local by_interface, by_system = 0, 0
    for _, drops in pairs(self.dropped) do
        by_interface, by_system = by_interface + (drops[IF_DROP] or 0), by_system + (drops[OS_DROP] or 0)
    end
    return by_interface, by_system
end

--- Goes to a record that was read before: its section's byte order and interfaces hold there.
function pcapng:seek(place)
    local sections, first, last = self.sections, 1, #self.sections
    while first < last do
        local middle = math.ceil((first + last) / 2)
        if sections[middle].place < place then
            first = middle
        else
            last = middle - 1
        end
    end
    local section = sections[first]
    self.interfaces, self.u16, self.u32 = section.interfaces, section.u16, section.u32
    self.input:seek(place)
end

return pcapng
