-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The hosts' own clocks, as their timestamps show them (RFC 7323 section 5.4: TSval ticks every millisecond to every second), held
-- against the clock of the capture. When that is set forward, time seems to pass in which nobody's did: both sides' timestamps
-- stay behind by the same, and the capture shows no frame of anybody for as long. Then nothing was missed. One side's alone
-- stays behind when its host stood still, and then what was due did not come.
-- Writes `reading` and `tick` of the sides, and `stepping` of the connection: what waits for the other side's word.

local flags = require "keepalive_flags"
local hole = require "keepalive_hole"
local side_of = require "keepalive_side"

local host_clock = {}

local MS = 1000000
local VALUES, HALF = 4294967296, 2147483648

-- The ticks in use: 1 ms (Linux since 4.13, Windows, BSD), 1/HZ (Linux before), and the longest ones of RFC 7323. A measured
-- one is taken for one of them when it is off by less than a tenth.
local TICKS, LIKE = { MS, 4 * MS, 10 * MS, 100 * MS, 500 * MS, 1000 * MS }, 10
-- Readings that are nearer measure no tick, and a shorter step hides no probe.
local APART = 900 * MS
-- A timestamp is off its line by more than a queue on the path makes, and by more than two clocks drift apart (0.1 %).
local OFF_LINE, DRIFT = 500 * MS, 1000
-- Two steps are one when they differ by less, as far as a path and two ticks let them.
local SAME_STEP = 500 * MS

local function tick_like(measured)
    for _, tick in ipairs(TICKS) do
        if math.abs(measured - tick) * LIKE <= tick then
            return tick
        end
    end
    return nil
end

-- How far the side's clock stayed behind the capture's since its last reading, which is APART at least, in ns; nil when that
-- cannot be told. Keeps the new reading.
local function behind(side, value, time)
    local last = side.reading
    local ticks = last and (value - last.value) % VALUES
    if ticks and ticks >= HALF then
        return nil -- of a late copy, or of another host behind the address
    end
    side.reading = { time = time, value = value }
    if not last then
        return nil
    end
    local passed = time - last.time
    side.tick = side.tick or tick_like(passed / ticks)
    -- What is like no tick is a stretch in which a clock stayed behind, most likely one of milliseconds.
    side.reading.behind = passed - ticks * (side.tick or MS)
    return side.reading.behind
end

-- What a clock that was set forward made of the findings: they hold no longer.
local function take_back(tracker, findings)
    for i = #findings, 1, -1 do
        local found = findings[i]
        if found.data then
            found.record.data = found.data
        else
            tracker.log:take_back(found.record)
        end
    end
end

-- Forgets the times of a side that are of before the step; what it has done since stays.
local function forget_before(tracker, side, time)
    local timing = side.schedule
    if side.rest then
        hole.forget(tracker, side)
        return
    end
    side.open_gap, side.open_judged, side.odd_gaps, side.told_until = nil, nil, nil, nil
    if not timing.last_probe or timing.last_probe.time < time then
        side_of.forget_times(side)
    elseif timing.clock and timing.clock < time then
        timing:forget_clock()
    end
end

-- The capture's clock was set forward in its rest: no connection that has been silent since has missed anything in it. The first
-- connection that tells stands with the rest: who judges another one alone needs it beside that one.
local function settle(tracker, conn, stepping)
    stepping.rest.told_by = stepping.rest.told_by or conn.stream
    take_back(tracker, stepping.findings)
    for side, learned in pairs(stepping.learned) do
        side.schedule:put_back(learned)
    end
    for other in pairs(tracker.probing) do
        for _, side in ipairs(other.sides) do
            forget_before(tracker, side, stepping.rest.to)
        end
    end
end

-- The rest of the capture in which its clock was set forward by so much; nil when it shows frames meanwhile.
local function rest_of_step(tracker, from, to, by)
    local rest = hole.longest(tracker, from, to)
    return rest and rest.from >= from and rest.to <= to and rest.to - rest.from >= by - SAME_STEP and rest or nil
end

-- What a side's clock says that stayed behind by `by` since `from`: a step, when the other side's has said the same.
local function weigh(tracker, conn, segment, sender, receiver, from, by)
    local stepping, rest = conn.stepping, rest_of_step(tracker, from, segment.time, by)
    if not rest then
        conn.stepping = nil
    elseif stepping and stepping.side == receiver and stepping.rest == rest and math.abs(by - stepping.by) < SAME_STEP then
        conn.stepping = nil
        settle(tracker, conn, stepping)
    else
        conn.stepping = {
            side = sender, by = by, rest = rest, findings = {},
            learned = { [sender] = sender.schedule:remember(), [receiver] = receiver.schedule:remember() },
        }
    end
end

--- Reads the timestamp of a segment of a connection that probes, before the segment is judged: was the capture's clock set forward?
-- Until the other side's timestamp tells, what is found is doubtful: tracker.doubted keeps it.
function host_clock.note(tracker, conn, segment, sender, receiver)
    local last, time, stepping = sender.reading, segment.time, conn.stepping
    -- The timestamp of an RST may be another host's, or none at all (RFC 7323 section 5.2).
    if not flags.has(segment.flags, "rst") and not (last and time - last.time < APART) then
        local value = segment.timestamps()
        local by = value and behind(sender, value, time)
        if by and by >= APART and by > OFF_LINE + 2 * (sender.tick or MS) + (time - last.time) / DRIFT then
            weigh(tracker, conn, segment, sender, receiver, last.time, by)
        elseif by and stepping and stepping.side == receiver then
            conn.stepping = nil -- the sender's clock went on: the receiver's host stood still
        end
    end
    tracker.doubted = conn.stepping and conn.stepping.findings
end

return host_clock
