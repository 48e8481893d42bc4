-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Probes that come late because the path held them back: none was missed. A kernel makes one probe and sets its timer anew (Linux
-- tcp_keepalive_timer()), also when it had stood still. So a gap was made on the way, where
--   the sender's timestamps (RFC 7323 section 5.4) say that each probe was made in its time, and are back on the line that they had
--   before the gap. The clock of a host that stood still is never back on it; where one jumps there, probes lack. Or where
--   as many probes as were missed come at once behind the one that ends the gap, each with an IP identification of its own.
--
-- Writes the part `held` of a side: the gaps that may have been made so, each { record, judged, time, and of the timestamps: reading,
-- by (how far it was behind), timed_by (when the last one was made, by the line before the gap, or the peer was heard), heard (when
-- the peer sent something since then), else: ids, more (how many came behind it), seq }, with `within`, the gaps that were judged since.

local flags = require "keepalive_flags"

local held = {}

-- A timestamp is back on its line when it is off by less than a queue on the path makes, or than two clocks drift apart (0.1 %).
local OFF_LINE, DRIFT = 500000000, 1000
local VALUES, HALF = 4294967296, 2147483648
-- More gaps than that at once are no queue's.
local MOST_HELD = 16
-- Nor has a queue that holds probes back more answers in it (MAX_TCP_KEEPCNT in include/net/tcp.h).
local MOST_HEARD = 127

-- What may show that the gap was made on the way: its timestamps, else the numbers of what comes behind the probe; nil without either.
local function begun(segment, side, judged, record)
    local one, reading = { record = record, judged = judged, time = segment.time, within = {} }, side.reading
    if reading and reading.time == segment.time then
        one.reading, one.by, one.heard = reading, side.tick and reading.behind or 0, {}
        one.timed_by = segment.time - one.by
        return one.timed_by <= judged.limit and one or nil
    elseif segment.ip_id and segment.ip_id ~= 0 then
        one.ids, one.more, one.seq = { [segment.ip_id] = true }, 0, segment.seq
        return one
    end
    return nil
end

--- A probe ends a gap that was judged "missed", which `record` says.
function held.begin(segment, side, judged, record)
    local all = side.held or {}
    for _, one in ipairs(all) do
        one.within[#one.within + 1] = { record = record, judged = judged }
    end
    local one = #all < MOST_HELD and begun(segment, side, judged, record)
    if one then
        all[#all + 1] = one
        side.held = all
    end
end

-- Whether no interval passed up to `made` without a probe or, which puts the next one off, something of the peer.
local function is_timed(one, made)
    local judged, heard = one.judged, one.heard
    local longest = judged.limit - judged.due + judged.step
    while heard[1] and heard[1] <= made do
        if heard[1] - one.timed_by > longest then
            return false
        end
        one.timed_by = math.max(one.timed_by, table.remove(heard, 1))
    end
    if made - one.timed_by > longest then
        return false
    end
    one.timed_by = math.max(one.timed_by, made)
    return true
end

--- The peer of a side that has such gaps sent something at `time`.
function held.note_heard(side, time)
    for _, one in ipairs(side.held) do
        if one.heard and #one.heard < MOST_HEARD then
            one.heard[#one.heard + 1] = time
        end
    end
end

-- Whether the path held the gap's probe back: true, false, or nil as long as that cannot be told. By the timestamps.
local function by_clock(one, segment, tick)
    local value = segment.timestamps()
    local ticks = value and (value - one.reading.value) % VALUES
    if not ticks or ticks >= HALF then
        return nil -- a late copy
    end
    local behind = one.by + segment.time - one.reading.time - ticks * tick
    local made = segment.time - behind
    if not is_timed(one, made) then
        return false -- a probe lacks, or the clock jumped
    end
    if 2 * behind < one.by and behind < OFF_LINE + (segment.time - one.reading.time) / DRIFT then
        return true
    end
    return nil
end

-- The same by the probes behind it that have another IP identification, and come sooner than the next one of a timer.
local function by_number(one, segment)
    if 2 * (segment.time - one.time) > one.judged.step or segment.seq ~= one.seq or segment.len > 1 then
        return false
    end
    if segment.ip_id and segment.ip_id ~= 0 and not one.ids[segment.ip_id] then
        one.ids[segment.ip_id] = true
        one.more = one.more + 1
    end
    return one.more >= one.judged.intervals or nil
end

-- No interval was missed: the probe is late.
local function settle(tracker, one)
    local record, judged = one.record, one.judged
    if not record.is_settled then
        record.is_settled = true
        tracker.log:take_back(record)
        tracker.log:add(record.frame, "late", "NOTE",
            { due = judged.due, overdue = judged.overdue, last_probe = record.data.last_probe })
    end
end

--- Takes a segment of a side that has gaps which may have been made on the way.
function held.note(tracker, segment, side)
    if flags.has(segment.flags, "rst") then
        return -- its timestamp may be another host's
    end
    local open = {}
    for _, one in ipairs(side.held) do
        local verdict
        if segment.frame > one.record.frame then
            if one.reading then
                verdict = by_clock(one, segment, side.tick)
            else
                verdict = by_number(one, segment)
            end
        end
        if verdict then
            settle(tracker, one)
            for _, other in ipairs(one.within) do
                settle(tracker, other) -- each probe since was made in its time, too
            end
        elseif verdict == nil then
            open[#open + 1] = one
        end
    end
    side.held = open[1] and open or nil
end

return held
