-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What is taken of some frames in a row, put aside until there are enough of them: LuaJIT compiles the loop that reads, the one that
-- judges and the one of the outlines each apart, and as one it does not, since that is too long.

local ffi = require "ffi"
local tcp = require "tcp"

ffi.cdef [[
typedef struct {
    double seq, ack;
    double timestamp;           // TSval, -1: none
    int32_t len, ip_id;         // ip_id -1: none
    uint16_t flags, window;
    uint8_t hops, header_len;
    uint8_t first_octets, octets[2];    // of the payload, as many as are in the file
} keepalive_taken;
]]

local batch = {}
batch.__index = batch

-- How many frames are put aside.
local ROOM = 4096
local PEEKED = 2

--- Nothing put aside: `taken` has what is taken of `count` frames, numbered from `before` + 1 on.
function batch.new()
    return setmetatable({ taken = ffi.new("keepalive_taken[?]", ROOM + 1), before = 0, count = 0 }, batch)
end

--- Whether there is no room for more.
function batch:is_full()
    return self.count == ROOM
end

--- Puts a frame aside.
function batch:add(frame)
    self.count = self.count + 1
    local packet, segment = frame.packet, frame.segment
    if packet.is_tcp then
        local taken = self.taken[self.count]
        taken.seq, taken.ack, taken.len, taken.ip_id = segment.seq, segment.ack, segment.len, segment.ip_id or -1
        taken.flags, taken.window, taken.hops, taken.header_len = segment.flags, segment.window, packet.hops, segment.header_len
        taken.timestamp = tcp.timestamp(segment, packet) or -1
        local start = packet.transport + segment.header_len
        taken.first_octets = 0
        if packet.captured >= start + PEEKED then
            taken.first_octets, taken.octets[0], taken.octets[1] = PEEKED, packet.bytes[start], packet.bytes[start + 1]
        end
    end
end

--- Forgets the frames.
function batch:clear()
    self.before, self.count = self.before + self.count, 0
end

return batch
