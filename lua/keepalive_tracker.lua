-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The connection tracker: segments in, in the order of the capture; records of findings out, by frame number.
-- It keeps its own state and asks nothing of Wireshark's analysis. What only a later frame proves is written back
-- to the earlier frame's record.

local catalogue = require "keepalive_catalogue"
local close = require "keepalive_close"
local flags = require "keepalive_flags"
local probe = require "keepalive_probe"
local schedule = require "keepalive_schedule"
local seq = require "keepalive_seq"
local state = require "keepalive_state"

local tracker = {}
tracker.__index = tracker
tracker.probes = probe

--- A tracker. `settings`, in integer nanoseconds: idle, interval (0 = learn from the capture), slack (allowed on top
-- of timer rounding), min_gap (smallest silence that a probe can break); probes (the count of unanswered probes before
-- a side gives up, 0 = any); show_state (boolean).
function tracker.new(settings)
    return setmetatable({ settings = settings, connections = {}, found = {}, provisional = {} }, tracker)
end

local function new_side(settings, name)
    return { name = name, schedule = schedule.new(settings), unanswered = 0, open_writes = {}, seen = false }
end

local function new_connection(settings, segment)
    local source, destination = segment.endpoints()
    return {
        source = segment.source,
        sides = { new_side(settings, source), new_side(settings, destination) },
        is_open = false,
    }
end

--- Files a finding on a frame and returns its record, which later frames may complete.
function tracker:add(frame, id, level, data)
    local record = catalogue.record(id, level, data)
    local records = self.found[frame]
    if not records then
        records = {}
        self.found[frame] = records
    end
    records[#records + 1] = record
    return record
end

function tracker:remove(frame, unwanted)
    local kept = {}
    for _, record in ipairs(self.found[frame] or {}) do
        if record ~= unwanted then
            kept[#kept + 1] = record
        end
    end
    self.found[frame] = kept[1] and kept or nil
end

--- The records of a frame, worst first, or nil.
function tracker:records(frame)
    local records = self.found[frame]
    if records and records[2] then
        table.sort(records, function(a, b) return catalogue.get(a.id).rank < catalogue.get(b.id).rank end)
    end
    return records
end

-- What a segment is to a side that was due to send a probe, in the word that the finding shows.
local function what_ended(segment, is_probe)
    if is_probe then
        return "probe"
    elseif flags.has(segment.flags, "rst") then
        return "RST"
    elseif flags.has(segment.flags, "fin") then
        return "FIN"
    elseif segment.len > 0 then
        return "data"
    end
    return "ACK"
end

local function gap_data(side, judged, before, ended_by, time)
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

--- Files a gap that was judged "late" or "missed" (see schedule:judge) on a frame.
function tracker:add_gap(frame, side, judged, before, ended_by, time)
    if judged.kind == "late" then
        return self:add(frame, "late", "NOTE",
            { due = judged.due, overdue = judged.overdue, last_probe = before and before.frame })
    end
    return self:add(frame, "missed", "WARN", gap_data(side, judged, before, ended_by, time))
end

-- No probe is due while data is in flight or the peer's window is closed (tcp_keepalive_timer: packets_out), after
-- the side's own FIN, or when the capture does not show what the side receives.
local function may_be_due(side, peer)
    return not side.fin and peer.seen and peer.acked and side.nxt and seq.covers(peer.acked, side.nxt)
        and peer.window ~= 0
end

-- Whether the segment ends the gap in which `side` owes a probe: its own probe or write, or what resets its clock.
local function ends_gap(segment, side, sender, is_probe)
    if flags.has(segment.flags, "rst") or flags.has(segment.flags, "fin") then
        return true
    end
    if side == sender then
        return is_probe or segment.len > 0
    end
    return not is_probe
end

function tracker:judge_gap(segment, side, peer, sender, is_probe)
    if not side.schedule.has_probed or not may_be_due(side, peer) then
        return
    end
    local own_probe = is_probe and side == sender
    local judged = side.schedule:judge(segment.time, own_probe)
    local ends = ends_gap(segment, side, sender, is_probe)
    if judged then
        local ended_by = ends and what_ended(segment, own_probe) or "nothing yet"
        local open = side.open_gap
        if open and judged.kind == "missed" then
            open.record.data = gap_data(side, judged, side.schedule.last_probe, ended_by, segment.time)
        else
            if open then
                self:remove(open.frame, open.record)
            end
            local record = self:add_gap(segment.frame, side, judged, side.schedule.last_probe, ended_by, segment.time)
            side.open_gap = { frame = segment.frame, record = record }
        end
    end
    if ends then
        side.open_gap = nil
    end
end

-- The close of a probed silence, when the next probe was not due yet: there is nothing that could have been missed.
function tracker:note_closed_before_due(segment, side, peer)
    local timing = side.schedule
    if timing.number == 0 or not may_be_due(side, peer) then
        return
    end
    local due = timing:next_due()
    if not due and timing:idle_time() and timing.clock then
        due = timing.clock + timing:idle_time()
    end
    if due and segment.time < due then
        self:add(segment.frame, "closed_before_due", "NOTE", {
            by = side.name,
            due = due,
            margin = due - segment.time,
            last_probe = timing.last_probe.frame,
        })
    end
end

function tracker:connection_of(segment)
    local conn = self.connections[segment.stream]
    local is_first_syn = flags.has(segment.flags, "syn") and not flags.has(segment.flags, "ack")
    -- Before the connection is open, another number from the other side is a simultaneous opening.
    local may_differ = conn and not conn.is_open and segment.source ~= conn.source
    if not conn or (is_first_syn and segment.seq ~= conn.initial_seq and not may_differ) then
        conn = new_connection(self.settings, segment)
        conn.initial_seq = is_first_syn and segment.seq or nil
        self.connections[segment.stream] = conn
    end
    return conn
end

local function furthest(known, candidate)
    return (known and not seq.after(candidate, known)) and known or candidate
end

local function update_sender(segment, sender, receiver)
    sender.seen, sender.last_frame = true, segment.frame
    sender.nxt = furthest(sender.nxt, segment.end_seq)
    if flags.has(segment.flags, "ack") then
        sender.acked = furthest(sender.acked, segment.ack)
        -- The peer has it, so it was sent, whether the capture shows it or not.
        receiver.nxt = furthest(receiver.nxt, segment.ack)
    end
    sender.window = segment.window
end

-- Whether the segment occupies sequence space that the peer has not acknowledged yet. A copy of a frame does not.
local function carries_something(segment, receiver, is_probe)
    return segment.end_seq ~= segment.seq and not is_probe
        and not (receiver.acked and seq.covers(receiver.acked, segment.end_seq))
end

local function note_silence_over(conn, segment, sender, receiver)
    sender.data_time = segment.time
    sender.schedule:silence_over()
    receiver.schedule:silence_over()
    if segment.len > 0 then
        local last_data = sender.last_data or {}
        last_data.frame, last_data.time = segment.frame, segment.time
        sender.last_data, conn.last_data = last_data, last_data
    end
end

-- Linux takes a segment as a sign of life unless all of it lies before what was acknowledged already
-- (tcp_sequence() in net/ipv4/tcp_input.c); a zero-length probe does.
local function note_heard(segment, receiver, is_probe, is_answer)
    if is_probe then
        receiver.schedule:peer_probed(segment.time)
    elseif not receiver.acked or seq.covers(segment.end_seq, receiver.acked) then
        receiver.schedule:heard(segment.time, is_answer)
    end
end

function tracker:observe_reset(conn, segment, sender, receiver)
    if not conn.first_fin and not receiver.pending and not sender.pending then
        self:note_closed_before_due(segment, receiver, sender)
        self:note_closed_before_due(segment, sender, receiver)
    end
    close.note_reset(self, conn, segment, sender, receiver)
end

function tracker:observe_segment(conn, segment, sender, receiver, is_probe)
    close.note_write(self, segment, sender, receiver)
    if flags.has(segment.flags, "fin") then
        if not conn.first_fin then
            self:note_closed_before_due(segment, receiver, sender)
            self:note_closed_before_due(segment, sender, receiver)
        end
        close.note_fin(self, conn, segment, sender)
    end
    probe.confirm_candidates(self, segment, receiver, sender)
    local is_answer = not is_probe and probe.note_answer(self, segment, receiver)
    close.note_fin_ack(self, conn, segment, receiver)
    close.note_write_acked(segment, sender, receiver)
    if is_probe then
        probe.note(self, segment, sender, receiver)
    elseif probe.is_candidate(segment, sender) then
        sender.candidates = sender.candidates or {}
        sender.candidates[#sender.candidates + 1] =
            { frame = segment.frame, time = segment.time, seq = segment.seq, ack = segment.ack, len = segment.len }
    else
        sender.candidates = nil
    end
    note_heard(segment, receiver, is_probe, is_answer)
end

function tracker:note_states(segment, sender, receiver)
    if not self.settings.show_state then
        return
    end
    state.observe(segment, sender, receiver)
    self.states = self.states or {}
    self.states[segment.frame] = { sender.state, receiver.state }
end

--- Takes one segment, a table of: frame (number), time (ns since the first frame), stream (key of the connection),
-- source (key of the sending end, the same for all its segments), seq, ack, len, flags (numbers of the header, raw),
-- window (unscaled), endpoints (function: names of source and destination), payload (function: its first octets).
-- The table is the caller's, who may fill it anew for the next segment. Raises nothing on any input of these types.
function tracker:observe(segment)
    self:withdraw_provisional()
    local conn = self:connection_of(segment)
    local from_first = segment.source == conn.source
    local sender, receiver = conn.sides[from_first and 1 or 2], conn.sides[from_first and 2 or 1]
    local syn, fin = flags.has(segment.flags, "syn"), flags.has(segment.flags, "fin")
    segment.end_seq = seq.add(segment.seq, segment.len + (syn and 1 or 0) + (fin and 1 or 0))
    local closes = fin or flags.has(segment.flags, "rst")
    if conn.reset then
        if closes then
            close.note_writer_closing(conn, segment, sender)
        end
        self:note_states(segment, sender, receiver)
        return
    end

    local is_probe = probe.is_probe(segment, sender, receiver, self.settings.min_gap)
    self:judge_gap(segment, sender, receiver, sender, is_probe)
    self:judge_gap(segment, receiver, sender, sender, is_probe)
    if flags.has(segment.flags, "rst") then
        self:observe_reset(conn, segment, sender, receiver)
    else
        self:observe_segment(conn, segment, sender, receiver, is_probe)
        update_sender(segment, sender, receiver)
        if carries_something(segment, receiver, is_probe) then
            note_silence_over(conn, segment, sender, receiver)
        end
        conn.is_open = conn.is_open or (not syn and flags.has(segment.flags, "ack"))
    end
    self:note_states(segment, sender, receiver)
    if closes then
        close.note_writer_closing(conn, segment, sender)
    end
    conn.last_frame, conn.last_time = segment.frame, segment.time
end

--- Says what the end of the capture shows: intervals missed until then, a last probe that had its time and got no
-- answer. `time` is that of the capture's last frame. Withdrawn when more segments come after all (live capture).
function tracker:finish(time)
    self:withdraw_provisional()
    for _, conn in pairs(self.connections) do
        if not conn.reset and conn.last_frame then
            self:finish_side(conn, conn.sides[1], conn.sides[2], time)
            self:finish_side(conn, conn.sides[2], conn.sides[1], time)
        end
    end
end

function tracker:finish_side(conn, side, peer, time)
    if not may_be_due(side, peer) then
        return
    end
    local judged = side.schedule:judge(time, false)
    if judged then
        local data = gap_data(side, judged, side.schedule.last_probe, "end of the capture", time)
        if side.open_gap then
            side.open_gap.record.data = data
        else
            self:add_provisional(conn.last_frame, "missed", "WARN", data)
        end
    end
    local pending, timing = side.pending, side.schedule
    local wait = timing:probe_interval() or timing:probe_cadence()
    if pending and wait and time > pending.time + wait + timing:slack(wait) then
        local in_a_row = side.unanswered + 1
        self:add_provisional(pending.frame, "unanswered", in_a_row > 1 and "WARN" or "NOTE",
            { probe = pending.frame, in_a_row = in_a_row, waited = time - pending.time })
    end
end

function tracker:add_provisional(frame, id, level, data)
    self.provisional[#self.provisional + 1] = { frame = frame, record = self:add(frame, id, level, data) }
end

function tracker:withdraw_provisional()
    for i = #self.provisional, 1, -1 do
        self:remove(self.provisional[i].frame, self.provisional[i].record)
        self.provisional[i] = nil
    end
end

return tracker
