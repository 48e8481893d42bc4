-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The gaps between a side's probes: files what its schedule decided (schedule.may_be_due and schedule:judge), and what
-- the close of a silence or the end of the capture says of a probe that was due. Keeps no state of its own: it reads and
-- writes the sides of keepalive_side.lua.

local flags = require "keepalive_flags"
local log = require "keepalive_log"
local schedule = require "keepalive_schedule"

local gap = {}

local may_be_due = schedule.may_be_due

-- What a segment is to a side that was due to send a probe, as a token of the finding.
local function what_ended(segment, is_probe)
    if is_probe then
        return "probe"
    elseif flags.has(segment.flags, "rst") then
        return "rst"
    elseif flags.has(segment.flags, "fin") then
        return "fin"
    elseif segment.len > 0 then
        return "data"
    end
    return "ack"
end

local function missed_data(side, judged, before, ended_by, time)
    return {
        by = side.name,
        intervals = judged.intervals,
        due = judged.due,
        overdue = judged.overdue,
        interval = judged.interval,
        last_probe = before and before.frame,
        gap = before and time - before.time,
        ended_by = ended_by,
    }
end

--- Files a gap that was judged "late" or "missed" on a frame; `before` is the probe before it. Returns the record.
function gap.add(tracker, frame, side, judged, before, ended_by, time)
    if judged.kind == "late" then
        return tracker.log:add(frame, "late", "NOTE",
            { due = judged.due, overdue = judged.overdue, last_probe = before and before.frame })
    end
    return tracker.log:add(frame, "missed", "WARN", missed_data(side, judged, before, ended_by, time))
end

-- Whether the segment ends the gap in which `side` owes a probe: its own probe or write, or what resets its clock.
local function is_end(segment, side, sender, is_probe)
    if flags.has(segment.flags, "rst") or flags.has(segment.flags, "fin") then
        return true
    end
    if side == sender then
        return is_probe or segment.len > 0
    end
    return not is_probe
end

--- Judges the gap of one side at a segment of either; a gap that goes on is one finding, completed with each segment.
function gap.judge(tracker, segment, side, peer, sender, is_probe)
    if not side.schedule.has_probed or not may_be_due(side, peer) then
        return
    end
    local own_probe = is_probe and side == sender
    local judged = side.schedule:judge(segment.time, own_probe)
    local ends = is_end(segment, side, sender, is_probe)
    if judged then
        local before = side.schedule.last_probe
        local ended_by = ends and what_ended(segment, own_probe) or "nothing_yet"
        local open = side.open_gap
        if open and judged.kind == "missed" then
            log.replace(open, missed_data(side, judged, before, ended_by, segment.time))
        else
            if open then
                tracker.log:take_back(open)
            end
            side.open_gap = gap.add(tracker, segment.frame, side, judged, before, ended_by, segment.time)
        end
    end
    if ends then
        side.open_gap = nil
    end
end

local function note_closed_before_due(tracker, segment, side, peer)
    local timing = side.schedule
    if not timing.last_probe or not may_be_due(side, peer) then
        return
    end
    local due = timing:next_due()
    if not due and timing:idle_time() and timing.clock then
        due = timing.clock + timing:idle_time()
    end
    if due and segment.time < due then
        tracker.log:add(segment.frame, "closed_before_due", "NOTE", {
            by = side.name,
            due = due,
            margin = due - segment.time,
            last_probe = timing.last_probe.frame,
        })
    end
end

--- The close of a probed silence, when the next probe of a side was not due yet: nothing can have been missed.
function gap.note_closed_before_due(tracker, segment, sender, receiver)
    note_closed_before_due(tracker, segment, receiver, sender)
    note_closed_before_due(tracker, segment, sender, receiver)
end

-- How long a side waited at the capture's end for the answer to its last probe, when it had its time; else nil.
local function waited_in_vain(side, time)
    local pending, timing = side.probing.pending, side.schedule
    local wait = timing:probe_interval() or timing:probe_cadence()
    if pending and wait and time > pending.time + wait + timing:tolerance(wait) then
        return time - pending.time
    end
    return nil
end

--- What the end of the capture, at `time`, shows of one side: intervals missed until then, a last probe without answer.
-- Filed as provisional: more segments may come after all.
function gap.finish(tracker, conn, side, peer, time)
    if not may_be_due(side, peer) then
        return
    end
    local judged = side.schedule:judge(time, false)
    if judged then
        local data = missed_data(side, judged, side.schedule.last_probe, "capture_end", time)
        if side.open_gap then
            log.replace(side.open_gap, data)
        else
            tracker.log:add_provisional(conn.last_frame, "missed", "WARN", data)
        end
    end
    local waited = waited_in_vain(side, time)
    if waited then
        local pending, in_a_row = side.probing.pending, side.probing.unanswered + 1
        tracker.log:add_provisional(pending.frame, "unanswered", in_a_row > 1 and "WARN" or "NOTE",
            { probe = pending.frame, in_a_row = in_a_row, waited = waited })
    end
end

return gap
