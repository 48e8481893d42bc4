-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What is kept of each frame once it was read, so that any connection can be read again without going over the whole file: 25
-- octets a frame, outside Lua's own memory.

local ffi = require "ffi"
local packet_of = require "packet"

ffi.cdef "void *realloc(void *memory, size_t size);"

local kept = {}
kept.__index = kept

local NONE = packet_of.NONE

local FIRST_ROOM = 65536
-- What a frame may be, for its connection's rests (outlines.lua).
kept.PAYLOAD, kept.CLOSING = 1, 2
-- The side of a frame that was not asked for, and that of one that Wireshark has to read.
kept.OUTSIDE, kept.ODD = -2, -3
local NO_STREAM, ABOUT = -1, -4

local COLUMNS = {
    place = "double",       -- of its record in the file
    seconds = "int32_t",    -- its time, since that of the first frame's second (span.lua knows that they are less than 104 days apart)
    nanoseconds = "int32_t",
    side = "int32_t",       -- its stream times 2, plus 1 when the second of its ends sent it; -1 when it is no segment, OUTSIDE, ODD
    before = "int32_t",     -- the number of its stream's frame before it, 0: none; of a frame OUTSIDE, its stream,
                            -- ABOUT less the stream that it is about, NO_STREAM, or ODD
    what = "uint8_t",       -- PAYLOAD and CLOSING
}

--- Nothing yet. `quoting` has the stream that an ICMP error is about, by the number of its frame, `odd` the numbers of the frames
-- that Wireshark has to read.
function kept.new()
    return setmetatable({ count = 0, room = 0, inside = 0, last_of = {}, neighbours = {}, quoting = {}, odd = {} }, kept)
end

local function grow(self)
    self.room = math.max(FIRST_ROOM, self.room * 2)
    for name, type_name in pairs(COLUMNS) do
        local size = ffi.sizeof(type_name) * (self.room + 1)
        local memory = ffi.C.realloc(self[name], size)
        if memory == nil then
            error("there is not enough memory for a capture of so many frames", 0)
        end
        self[name] = ffi.cast(type_name .. " *", memory)
    end
end

--- Keeps of the next frame that it was not asked for, where it is, and of which stream, or about which one.
function kept:pass(frame)
    local number, packet = frame.number, frame.packet
    if number > self.room then
        grow(self)
    end
    self.count, self.side[number], self.what[number] = number, kept.OUTSIDE, 0
    self.place[number], self.before[number] = packet.place, NO_STREAM
    if frame.odd then
        self.before[number], self.odd[#self.odd + 1] = kept.ODD, number
    elseif packet.is_tcp then
        self.before[number] = frame.stream
    elseif frame.quoted then
        self.before[number] = ABOUT - frame.quoted.stream
    end
end

--- Whether a frame that was not asked for is of one of the streams (numbers as keys), or one that Wireshark has to read.
function kept:is_outside_of(number, streams)
    local stream = self.before[number]
    return stream == kept.ODD or streams[stream <= ABOUT and ABOUT - stream or stream] == true
end

--- Keeps the next frame. `side` is 0 or 1, nil for a frame that is no segment. `inside` is how many are kept so.
function kept:add(frame, side)
    local number, packet = frame.number, frame.packet
    if number > self.room then
        grow(self)
    end
    self.count, self.inside = number, self.inside + 1
    self.place[number], self.what[number] = packet.place, 0
    self.first_second = self.first_second or packet.seconds
    self.seconds[number], self.nanoseconds[number] = packet.seconds - self.first_second, packet.nanoseconds
    if not side then
        self.side[number], self.before[number] = frame.odd and kept.ODD or -1, 0
        if frame.odd then
            self.odd[#self.odd + 1] = number
        elseif packet.arp ~= NONE or packet.target ~= NONE then
            self.neighbours[#self.neighbours + 1] = number
        elseif frame.quoted then
            self.quoting[number] = frame.quoted.stream
        end
        return
    end
    local segment, stream, last_of = frame.segment, frame.stream, self.last_of
    self.side[number], self.before[number] = stream * 2 + side, last_of[stream] or 0
    last_of[stream] = number
    if segment.len > 0 then
        self.what[number] = kept.PAYLOAD
    end
    -- FIN is 1, RST is 4.
    if segment.flags % 2 == 1 or segment.flags % 8 >= 4 then
        self.what[number] = self.what[number] + kept.CLOSING
    end
end

--- The time of a frame, since the epoch: seconds and nanoseconds.
function kept:time(number)
    return self.first_second + self.seconds[number], self.nanoseconds[number]
end

--- The stream of a frame, nil when it is no segment.
function kept:stream_of(number)
    local side = self.side[number]
    if side == kept.OUTSIDE and self.before[number] >= 0 then
        return self.before[number]
    end
    return side >= 0 and math.floor(side / 2) or nil
end

--- Whether Wireshark has to read a frame.
function kept:is_odd(number)
    local side = self.side[number]
    return side == kept.ODD or side == kept.OUTSIDE and self.before[number] == kept.ODD
end

--- The numbers of all frames of some streams (a list), in order.
function kept:of_streams(streams)
    local numbers = {}
    for _, stream in ipairs(streams) do
        local number = self.last_of[stream] or 0
        while number > 0 do
            numbers[#numbers + 1] = number
            number = self.before[number]
        end
    end
    table.sort(numbers)
    return numbers
end

return kept
