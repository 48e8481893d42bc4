-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- A capture that was read and judged once, whole, with what is kept of it: its span, the outlines of its connections, and where
-- each frame is, so that it can be read again.

local batch_of = require "batch"
local frames = require "frames"
local judging = require "judging"
local kept_of = require "kept"
local outlines_of = require "outlines"
local packet_of = require "packet"
local part = require "keepalive_part"
local span_of = require "span"

local capture = {}
capture.__index = capture

local NONE = packet_of.NONE

-- Whether a frame is of the part that was asked for.
local function is_wanted(self, frame)
    local packet, host = frame.packet, self.host
    if not self.is_inside then
        return true
    elseif not self.is_inside(packet.seconds, packet.nanoseconds) then
        return false
    end
    local streams = frame.streams
    return not host or packet.network ~= NONE
        and (streams:text(packet.source) == host or streams:text(packet.destination) == host)
end

-- Of so many odd frames, when they are more than half of all so far, tshark reads the whole capture.
local MANY_ODD = 2048

-- Whether a frame that Wireshark has to read can be set aside: it does not have to tell whose it is, and few frames are odd.
local function can_be_set_aside(self, frame)
    local count = #self.kept.odd
    self.first_odd = self.first_odd or { reason = frame.odd, number = frame.number }
    return not self.host and (count < MANY_ODD or count * 2 < frame.number)
end

-- Reads some frames and puts them aside. Returns whether there are more; nil and a reason when Wireshark has to read the capture.
local function read_batch(self)
    local reading, kept, outlines, span, batch = self.frames, self.kept, self.outlines, self.span, self.batch
    while not batch:is_full() do
        local frame, reason = reading:next()
        if not frame then
            return frame, reason
        elseif self.host and frame.packet.arp ~= NONE then
            return nil, "neighbour", frame.number       -- whose host's it is, Wireshark tells
        elseif frame.odd and not can_be_set_aside(self, frame) then
            return nil, self.first_odd.reason, self.first_odd.number
        end
        if is_wanted(self, frame) then
            if not span:take(frame) then
                return nil, "time"
            end
            kept:add(frame, frame.packet.is_tcp and outlines:side_of(frame))
        else
            kept:pass(frame)
        end
        batch:add(frame)
    end
    return true
end

local function judge_batch(judge, kept, batch)
    for index = 1, batch.count do
        local number = batch.before + index
        local place = kept.side[number]
        if place >= 0 then
            local seconds, nanoseconds = kept:time(number)
            judge:take(number, seconds, nanoseconds, math.floor(place / 2), place % 2, batch.taken[index])
        elseif place ~= kept.OUTSIDE then
            judge:take(number, kept:time(number))
            if batch.quoted[index] then
                judge:take_error(number, batch.quoted[index])
            end
        end
    end
end

local function outline_batch(outlines, kept, batch)
    for index = 1, batch.count do
        local number = batch.before + index
        local place = kept.side[number]
        if place >= 0 then
            local seconds, nanoseconds = kept:time(number)
            outlines:take(number, math.floor(place / 2), place % 2, seconds, nanoseconds, batch.taken[index])
        end
    end
end

--- Reads a capture of its records (sources.lua), and judges the wanted part (keepalive_part.lua); nil, a reason and the number of a
-- frame when Wireshark has to read it. Frames that it has to read alone are set aside (kept.lua: odd), when no host is asked for and
-- they are few; `first_odd` is the reason and the number of the first one. `watch` is called now and then with the number
-- of frames and of connections so far.
function capture.read(records, wanted_part, watch)
    local reading = frames.open(records)
    local is_inside, host = part.of(wanted_part)
    local self = setmetatable({
        frames = reading, kept = kept_of.new(), batch = batch_of.new(), outlines = outlines_of.new(), span = span_of.new(),
        is_inside = is_inside, host = host,
    }, capture)
    self.judge = judging.new(self.outlines, reading.streams)
    local is_more, reason, odd
    repeat
        is_more, reason, odd = read_batch(self)
        judge_batch(self.judge, self.kept, self.batch)
        outline_batch(self.outlines, self.kept, self.batch)
        self.batch:clear()
        watch(reading.count, reading.streams.count)
    until not is_more
    if is_more == nil then
        return nil, reason, reason == "container" and 0 or odd or reading.count
    end
    self.log = self.judge:finish()
    self.outlines:finish(self.kept, self.log)
    return self
end

--- Whether the file ends in the middle of a record.
function capture:is_cut()
    return self.frames.records.is_cut
end

--- A frame, by its number, with its findings (records, nil without any). Good until the next one.
function capture:frame(number)
    local kept = self.kept
    local frame = self.frames:again(number, kept.place[number], kept:stream_of(number), kept:is_odd(number))
    frame.records = self.log:records(number)
    return frame
end

return capture
