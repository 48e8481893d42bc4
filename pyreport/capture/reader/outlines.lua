-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The outline of each connection (pyreport/connections/outline.py says what it has): what is asked of connections that nobody
-- looks at more closely. Ends are 0, the sender of the connection's first frame, and 1.

local bit = require "bit"
local catalogue = require "keepalive_catalogue"
local ffi = require "ffi"
local kept = require "kept"
local times = require "times"

require "quiet"

local outlines = {}
outlines.__index = outlines

-- The SYN of the client is among so many first frames (Connection.syn).
local BEGINNING = 4
local SYN, RST, ACK = 2, 4, 16

-- A bit for each finding.
local BITS = {}
assert(#catalogue.findings < 32, "an outline has a bit for 31 findings")
for place, finding in ipairs(catalogue.findings) do
    BITS[finding.id] = bit.lshift(1, place - 1)
end
-- The findings that a connection was closed, and where an outline has the first one.
local CLOSES = { fin = "fin", reset = "reset" }

ffi.cdef [[
typedef struct {
    double first_seconds, last_seconds, data_seconds;
    int32_t first_nanoseconds, last_nanoseconds, data_nanoseconds;
    double rest_ns[2];
    int32_t first, last, frames;
    int32_t rest_before[2], rest_after[2], data;
    int32_t last_of[2];         // the last frame of each end that is no RST, 0: none
    double last_of_seconds[2];
    int32_t last_of_nanoseconds[2];
    int32_t reply;              // the first frame of the end 1, 0: none
    uint16_t reply_flags;
    int8_t syn_from;            // -1: none
    int8_t data_from;
    bool sent[2], has_reset, is_closing;
    int32_t source, destination;        // numbers of addresses (streams.lua)
    uint16_t source_port, destination_port;
    uint32_t found;             // what was found on it: a bit for each finding of the catalogue
    int32_t fin, reset;         // the first frames on which a FIN and an RST were found, 0: none
    keepalive_quiet quiet;
} keepalive_outline;
]]
local SIZE, FIRST_ROOM = ffi.sizeof("keepalive_outline"), 1024

--- No connections yet: `of` has the outlines by stream, `count` is one more than the last one's. The outline of a stream without a
-- wanted frame has no frames.
function outlines.new()
    return setmetatable({ of = ffi.cast("keepalive_outline *", nil), room = 0, count = 0 }, outlines)
end

local function grow(self, count)
    local room = math.max(FIRST_ROOM, self.room * 2, count)
    local memory = ffi.C.realloc(self.of, room * SIZE)
    if memory == nil then
        error("there is not enough memory for a capture of so many connections", 0)
    end
    self.of = ffi.cast("keepalive_outline *", memory)
    ffi.fill(self.of + self.room, (room - self.room) * SIZE)
    self.room = room
end

local function begin(self, frame)
    local stream, packet, segment = frame.stream, frame.packet, frame.segment
    if stream >= self.room then
        grow(self, stream + 1)
    end
    local outline = self.of[stream]
    outline.first, outline.syn_from, outline.data_from = frame.number, -1, -1
    outline.first_seconds, outline.first_nanoseconds = packet.seconds, packet.nanoseconds
    outline.source, outline.source_port = packet.source, segment.source_port
    outline.destination, outline.destination_port = packet.destination, segment.destination_port
    outline.quiet:begin()
    self.count = math.max(self.count, stream + 1)
end

--- Which end sent a segment, 0 or 1. The first segment of a connection begins its outline.
function outlines:side_of(frame)
    local stream, segment = frame.stream, frame.segment
    if stream >= self.count or self.of[stream].first == 0 then
        begin(self, frame)
    end
    local outline = self.of[stream]
    return (segment.source_port == outline.source_port and frame.packet.source == outline.source) and 0 or 1
end

--- Takes the next segment: its number, its stream, which end sent it, when, and what was taken of it (packet.lua).
function outlines:take(number, stream, side, seconds, nanoseconds, segment)
    local outline = self.of[stream]
    outline.frames = outline.frames + 1
    outline.last, outline.last_seconds, outline.last_nanoseconds = number, seconds, nanoseconds
    if side == 1 and not outline.sent[1] then
        outline.reply, outline.reply_flags = number, segment.flags
    end
    outline.sent[side] = true
    if segment.flags % 8 >= RST then
        outline.has_reset = true
    else
        outline.last_of[side] = number
        outline.last_of_seconds[side], outline.last_of_nanoseconds[side] = seconds, nanoseconds
    end
    if outline.syn_from < 0 and outline.frames <= BEGINNING and segment.flags % RST >= SYN
        and segment.flags % (2 * ACK) < ACK then
        outline.syn_from = side
    end
    outline.quiet:take(segment, side, seconds, nanoseconds)
end

-- Notes that a stream of so many frames is of a host.
local function note_host(hosts, host, stream, frames)
    local known = hosts[host] or { streams = {}, frames = 0 }
    hosts[host], known.streams[#known.streams + 1], known.frames = known, stream, known.frames + frames
end

-- Notes how long an end's payload lay when the other end's came.
local function note_rest(outline, side, number, seconds, nanoseconds)
    local before = outline.data_from
    if before < 0 or before == side then
        return
    end
    local rest = times.since(seconds, nanoseconds, outline.data_seconds, outline.data_nanoseconds)
    if rest > outline.rest_ns[before] then
        outline.rest_ns[before] = rest
        outline.rest_before[before], outline.rest_after[before] = outline.data, number
    end
end

-- Whether one of the records of a frame is that of a keep-alive probe, whose octet is no payload.
local function is_probe(records)
    for _, record in ipairs(records or {}) do
        if record.id == "probe" then
            return true
        end
    end
    return false
end

-- Notes what was found on a frame, which sent the connection's first FIN or RST when none before it did.
local function note_found(outline, number, records)
    for _, record in ipairs(records) do
        outline.found = bit.bor(outline.found, BITS[record.id])
        local kind = CLOSES[record.id]
        if kind and (outline[kind] == 0 or number < outline[kind]) then
            outline[kind] = number
        end
    end
end

--- Goes over all that was kept, once it is known which frames are probes.
function outlines:finish(frames, log)
    for number, records in pairs(log.shown) do
        local place = frames.side[number]
        if place >= 0 then
            note_found(self.of[math.floor(place / 2)], number, records)
        end
    end
    for number = 1, frames.count do
        local what = frames.what[number]
        if what ~= 0 then
            local side = frames.side[number] % 2
            local outline = self.of[(frames.side[number] - side) / 2]
            if what % 2 == kept.PAYLOAD and not is_probe(log.shown[number]) then
                local seconds, nanoseconds = frames:time(number)
                if not outline.is_closing then
                    note_rest(outline, side, number, seconds, nanoseconds)
                end
                outline.data, outline.data_from = number, side
                outline.data_seconds, outline.data_nanoseconds = seconds, nanoseconds
            end
            outline.is_closing = outline.is_closing or what >= kept.CLOSING
        end
    end
end

--- The streams of a host, by the number of its address (streams.lua), in order, and how many frames they have.
function outlines:of_host(host)
    if not self.hosts then
        self.hosts = {}
        for stream = 0, self.count - 1 do
            local outline = self.of[stream]
            if outline.frames > 0 then
                note_host(self.hosts, outline.source, stream, outline.frames)
                if outline.destination ~= outline.source then
                    note_host(self.hosts, outline.destination, stream, outline.frames)
                end
            end
        end
    end
    local known = self.hosts[host] or { streams = {}, frames = 0 }
    return known.streams, known.frames
end

--- The number of the address of an end of a stream.
function outlines:host_of(stream, side)
    return side == 0 and self.of[stream].source or self.of[stream].destination
end

local texts = {}

--- The ids of what was found on a connection, parted by commas.
function outlines.ids(outline)
    local found = outline.found
    local text = texts[found]
    if not text then
        local ids = {}
        for _, finding in ipairs(catalogue.findings) do
            if bit.band(found, BITS[finding.id]) ~= 0 then
                ids[#ids + 1] = finding.id
            end
        end
        text = table.concat(ids, ",")
        texts[found] = text
    end
    return text
end

return outlines
