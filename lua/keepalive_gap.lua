-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The gaps between a side's probes: files what its schedule decided (schedule.may_be_due and schedule:judge), and what
-- the close of a silence or the end of the capture says of a probe that was due. Keeps no state of its own: it reads and
-- writes the sides of keepalive_side.lua.

local flags = require "keepalive_flags"
local held = require "keepalive_held"
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

-- Keeps what is found while nobody knows whether the capture's clock was set forward (keepalive_host_clock.lua): a new record,
-- or one that gets other data and has `data` before.
local function doubt(tracker, record, data)
    local doubted = tracker.doubted
    if doubted then
        doubted[#doubted + 1] = { record = record, data = data }
    end
end

--- Files a gap that was judged "late" or "missed" on a frame; `before` is the probe before it. Returns the record.
function gap.add(tracker, frame, side, judged, before, ended_by, time)
    local record
    if judged.kind == "late" then
        record = tracker.log:add(frame, "late", "NOTE",
            { due = judged.due, overdue = judged.overdue, last_probe = before and before.frame })
    else
        record = tracker.log:add(frame, "missed", "WARN", missed_data(side, judged, before, ended_by, time))
    end
    doubt(tracker, record, nil)
    return record
end

--- Files a gap that the cadence, known by now, judges otherwise than its probe was judged at its time: that is taken back.
function gap.judge_again(tracker, frame, side, judged)
    tracker.log:take_back_if(frame, function(record)
        return (record.id == "late" or record.id == "missed") and record.data.last_probe == judged.before.frame
    end)
    gap.add(tracker, frame, side, judged, judged.before, "probe", judged.probe.time)
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

-- What the schedule says of a side. In a gap that goes on the first due stays, whatever moves the schedule meanwhile. What
-- ended a gap without a probe leaves the schedule where it was: the intervals that were told are not told again.
local function judge_side(side, time, is_probe)
    local open = side.open_gap and side.open_judged
    if open then
        return side.schedule:judge_against(open.due, open.limit, open.spacing, time, is_probe)
    end
    return side.schedule:judge(time, is_probe, side.told_until)
end

--- What the schedule says of a side at a time that is none of its probe's; nil while all is well or nothing is due.
function gap.overdue(side, peer, time)
    if not may_be_due(side, peer) then
        return nil
    end
    local judged = judge_side(side, time, false)
    if judged then
        judged.before = side.schedule.last_probe
    end
    return judged
end

--- Ends a gap at a time when it was overdue: `open` is its record, if it has one that is shown.
function gap.end_at(tracker, frame, side, judged, open, ended_by, time)
    local data = missed_data(side, judged, judged.before, ended_by, time)
    if open then
        log.replace(open, data)
    else
        tracker.log:add(frame, "missed", "WARN", data)
    end
end

--- The same, as long as no more comes.
function gap.end_provisionally(tracker, frame, side, judged, open, ended_by, time)
    local data = missed_data(side, judged, judged.before, ended_by, time)
    if open then
        tracker.log:replace_provisionally(open, data)
    else
        tracker.log:add_provisional(frame, "missed", "WARN", data)
    end
end

-- Keeps the records of the gaps in a row that the side's probes ended too late: they may show a new setting.
local function note_odd(side, record)
    local odd = side.odd_gaps or {}
    side.odd_gaps = record and odd or nil
    odd[#odd + 1] = record or nil
end

--- The probe shows that the gaps in a row before it were no late or missed probes.
function gap.take_back_odd(tracker, side)
    for _, record in ipairs(side.odd_gaps or {}) do
        tracker.log:take_back(record)
    end
    side.odd_gaps = nil
end

--- The same, since the setting changed.
function gap.note_changed(tracker, frame, side, changed)
    gap.take_back_odd(tracker, side)
    tracker.log:add(frame, "setting_changed", "NOTE", { by = side.name, before = changed.before, after = changed.after })
end

--- Judges the gap of one side at a segment of either; a gap that goes on is one finding, completed with each segment.
-- Behind a rest of the capture the findings are put aside until it is known what they are worth (keepalive_hole.lua).
function gap.judge(tracker, segment, side, peer, sender, is_probe)
    if not side.schedule.has_probed or not may_be_due(side, peer) then
        return
    end
    local outer = tracker.log.aside
    if side.rest then
        tracker.log:put_aside(side.rest.aside)
    end
    gap.judge_now(tracker, segment, side, sender, is_probe)
    tracker.log:put_aside(outer)
end

-- The same, where a probe may be due and the silence is evidence.
function gap.judge_now(tracker, segment, side, sender, is_probe)
    local own_probe = is_probe and side == sender
    local judged = judge_side(side, segment.time, own_probe)
    local ends = is_end(segment, side, sender, is_probe)
    if judged then
        local before = side.schedule.last_probe
        local ended_by = ends and what_ended(segment, own_probe) or "nothing_yet"
        local open = side.open_gap
        if open and judged.kind == "missed" then
            doubt(tracker, open, open.data)
            log.replace(open, missed_data(side, judged, before, ended_by, segment.time))
        else
            if open then
                tracker.log:take_back(open)
            end
            side.open_gap = gap.add(tracker, segment.frame, side, judged, before, ended_by, segment.time)
            side.open_judged = judged
        end
    end
    if ends then
        if judged then
            side.told_until = judged.due + judged.intervals * judged.step
        end
        if own_probe then
            if judged and judged.kind == "missed" then
                held.begin(segment, side, judged, side.open_gap)
            end
            note_odd(side, judged and side.open_gap)
            side.told_until = nil
        end
        side.open_gap, side.open_judged = nil, nil
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
    if due and segment.time < due and not side.rest then
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
    local judged = gap.overdue(side, peer, time)
    if judged then
        gap.end_provisionally(tracker, conn.last_frame, side, judged, side.open_gap, "capture_end", time)
    end
    local waited = waited_in_vain(side, time)
    if waited then
        local pending, in_a_row = side.probing.pending, side.probing.unanswered + 1
        tracker.log:add_provisional(pending.frame, "unanswered", in_a_row > 1 and "WARN" or "NOTE",
            { probe = pending.frame, in_a_row = in_a_row, waited = waited })
    end
end

return gap
