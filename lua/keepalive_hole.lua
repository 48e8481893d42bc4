-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Time in which the capture shows no frame of anybody. Silence is evidence only while the capture shows other frames: one
-- that rests longer than a side's interval may have been interrupted, or be several that were joined, and then nobody knows
-- whether a probe came. What tells is the side's next segment: with the IP identification right after that of its last one,
-- its kernel made no packet in between (Linux counts them for each connection: __ip_select_ident() and inet_id in
-- net/ipv4; RFC 6864 does not demand it). Only then is the gap judged, else nothing is missed, late or unanswered across it.
-- Writes `hole` of a connection and `rest`, `ip_id` and `follows_last` of its sides.

local gap = require "keepalive_gap"
local log = require "keepalive_log"
local schedule = require "keepalive_schedule"
local side_of = require "keepalive_side"

local hole = {}

local IP_IDS = 65536

--- Notes whether the segment is the next packet that its sender made for the connection, as its IP identification tells.
-- To be told of each segment; `ip_id` is nil where there is none (IPv6, an IPv4 header with options).
function hole.note_ip_id(segment, sender)
    local last, this = sender.ip_id, segment.ip_id
    sender.ip_id = this
    -- Zero is what a kernel writes that does not count.
    sender.follows_last = last ~= nil and last ~= 0 and this == (last + 1) % IP_IDS
end

-- Whether a rest is longer than a side's spacing, as far as its timer keeps to it: connections with the same setting probe
-- in step, and between the frames of one the capture rests as long as the other's interval.
local function is_longer(rest, spacing, timing)
    return rest.to - rest.from > spacing + timing:tolerance(spacing)
end

-- Whether the rest is longer than the silence in which a probe of the side, or the answer to one, had to come.
local function swallows(side, peer, rest)
    local timing = side.schedule
    if side.closing.fin then
        return false
    end
    local due, limit, spacing = timing:next_due()
    if due and schedule.may_be_due(side, peer) and rest.to > limit and is_longer(rest, spacing, timing) then
        return true
    end
    local pending, wait = side.probing.pending, timing:probe_interval() or timing:probe_cadence()
    return pending ~= nil and wait ~= nil and is_longer(rest, wait, timing)
end

-- With nothing of the side since the rest before, nobody knows whether the connection outlived that one: it stays.
local function begin(conn, side, peer, rest)
    if side.rest then
        return
    end
    side.rest = {
        from = rest.from,
        frame = conn.last_frame,
        judged = gap.overdue(side, peer, rest.from),
        aside = {},
    }
end

local function note(tracker, rest, count)
    local record = tracker.holes[rest.frame]
    if record then
        log.complete(record, "connections", record.data.connections + count)
        return
    end
    tracker.holes[rest.frame] = tracker.log:add(rest.frame, "capture_hole", "NOTE", {
        length = rest.to - rest.from,
        last_frame = rest.last_frame,
        connections = count,
    })
end

--- A frame of anything comes after a rest, { from, to, last_frame, frame }: which connections does it matter to?
function hole.after_rest(tracker, rest)
    local count = 0
    for conn in pairs(tracker.probing) do
        local one, other = conn.sides[1], conn.sides[2]
        if conn.reset or tracker.connections[conn.stream] ~= conn then
            tracker.probing[conn] = nil
        else
            local first, second = swallows(one, other, rest), swallows(other, one, rest)
            if first then
                begin(conn, one, other, rest)
            end
            if second then
                begin(conn, other, one, rest)
            end
            if first or second then
                count = count + 1
                conn.hole = { frame = rest.frame, time = rest.to, from = "capture_hole" }
            end
        end
    end
    if count > 0 then
        note(tracker, rest, count)
    end
end

-- Of the gap of the side across the rest, only what was overdue before it counts; `end_gap` tells that.
local function end_before(tracker, side, end_gap)
    local rest, open = side.rest, side.open_gap
    local is_shown = open and not rest.aside[open.frame]
    if rest.judged then
        end_gap(tracker, rest.frame, side, rest.judged, is_shown and open, "capture_hole", rest.from)
    end
end

--- The gap of the side across the rest is no evidence.
function hole.forget(tracker, side)
    end_before(tracker, side, gap.end_at)
    side.rest, side.open_gap = nil, nil
    side_of.forget_times(side)
end

--- A segment of a connection to which a rest matters. Says what its sender's identification tells of the rest.
function hole.settle(tracker, conn, sender)
    if sender.follows_last then
        conn.hole = nil
    end
    local rest = sender.rest
    if not rest then
        return
    elseif sender.follows_last then
        sender.rest = nil
        tracker.log:say(rest.aside)
    else
        hole.forget(tracker, sender)
    end
end

--- The capture ends, and nothing tells of the rest of a side: what comes after all may tell of it.
function hole.finish(tracker, side)
    end_before(tracker, side, gap.end_provisionally)
end

--- The longest rest of the capture between two times, or nil.
function hole.longest(tracker, from, to)
    local longest
    for i = #tracker.rests, 1, -1 do
        local rest = tracker.rests[i]
        if rest.to <= from then
            break
        elseif rest.from < to and (not longest or rest.to - rest.from > longest.to - longest.from) then
            longest = rest
        end
    end
    return longest
end

--- Whether a gap of the side that is judged afterwards is no evidence: the capture rested in it for longer than the spacing, and the
-- probe that ended it does not prove that there was none. Says that there is a hole.
function hole.covers(tracker, side, judged)
    local before, last = judged.before, judged.probe
    local rest = hole.longest(tracker, before.time, last.time)
    if not rest or not is_longer(rest, judged.interval, side.schedule) then
        return false
    end
    note(tracker, rest, 1)
    return not last.follows_last
end

return hole
