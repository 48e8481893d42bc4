-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The connection tracker: segments in, in the order of the capture; records of findings out, by frame number.
-- It keeps its own state and asks nothing of Wireshark's analysis. What only a later frame proves is written back
-- to the earlier frame's record (keepalive_log.lua).

local close = require "keepalive_close"
local connection = require "keepalive_connection"
local ends = require "keepalive_ends"
local flags = require "keepalive_flags"
local gap = require "keepalive_gap"
local held = require "keepalive_held"
local hole = require "keepalive_hole"
local host_clock = require "keepalive_host_clock"
local icmp = require "keepalive_icmp"
local late = require "keepalive_late"
local log = require "keepalive_log"
local probe = require "keepalive_probe"
local repeats = require "keepalive_repeats"
local reset = require "keepalive_reset"
local seq = require "keepalive_seq"
local state = require "keepalive_state"

local tracker = {}
tracker.__index = tracker

local move_on_quietly = connection.move_on_quietly

-- How many connections that are over, or never came to be, are remembered for what may still come of them.
local REMEMBERED = 4096
-- TCP_KEEPINTVL counts whole seconds, so a shorter time without a frame hides no probe.
local LEAST_REST = 900000000
-- What stands for a connection that is no longer remembered: its late segments start no new one.
local FORGOTTEN = false

--- A tracker. `settings`, in integer nanoseconds: idle, interval (0 = learn from the capture), slack (the tolerance
-- on top of timer rounding), min_gap (smallest silence that a probe can break); probes (the count of unanswered probes before
-- a side gives up, 0 = any); show_state (boolean).
function tracker.new(settings)
    return setmetatable({
        settings = settings,
        log = log.new(),
        holes = {},           -- the record of each rest that matters, by its frame
    }, tracker):begin_anew(0)
end

--- Knows no connection from `time` on, as if the capture began then; what was found stays. Returns itself.
function tracker:begin_anew(time)
    self.began = time
    self.connections = {}     -- by stream
    self.remembered = {}      -- ring of connections to forget, the oldest at `oldest`
    self.oldest = 1
    self.probing = {}         -- the connections that have probed, as keys
    self.by_ends = nil        -- the newest stream by the names of its ends, from the first error on that is tied by them
    self.rests = {}           -- { from, to, last_frame, frame, told_by }: times without a frame of anybody; `told_by` is the
                              -- stream that told that the capture's clock was set forward in it (keepalive_host_clock.lua)
    return self
end

--- The records of a frame, worst first, or nil.
function tracker:records(frame)
    return self.log:records(frame)
end

-- Forgets the connection that has waited longest in the ring, when it is over or never opened, and puts `conn` there.
function tracker:remember_for_a_while(conn)
    local slot = self.oldest
    local old = self.remembered[slot]
    if old and self.connections[old.stream] == old and (connection.is_over(old) or not old.is_open) then
        self.connections[old.stream] = FORGOTTEN
    end
    -- Also when another one has its ports now.
    if old and self.connections[old.stream] ~= old then
        self.probing[old] = nil
    end
    self.remembered[slot] = conn
    self.oldest = slot % REMEMBERED + 1
end

-- The connection that the segment belongs to; nil when it is one that is no longer remembered.
function tracker:connection_of(segment)
    local conn = self.connections[segment.stream]
    local is_first_syn = flags.has(segment.flags, "syn") and not flags.has(segment.flags, "ack")
    -- Before the connection is open, another number from the other side is a simultaneous opening.
    local may_differ = conn and not conn.is_open and segment.source ~= conn.source
    if conn == nil or (is_first_syn and (not conn or (segment.seq ~= conn.initial_seq and not may_differ))) then
        local before = conn
        conn = connection.new(self.settings, segment, self.began)
        conn.initial_seq = is_first_syn and segment.seq or nil
        conn.before = before and (before.is_open and before or before.before) or nil
        if before then
            before.is_quiet = false     -- it is not found by its stream any more
        end
        self.connections[segment.stream] = conn
        if self.by_ends then
            ends.note(self.by_ends, conn)
        end
        self:remember_for_a_while(conn)
    elseif conn and connection.is_of_one_before(conn, segment) then
        conn = conn.before
        self.connections[segment.stream] = conn or self.connections[segment.stream]
    end
    return conn or nil
end

function tracker:observe_reset(conn, segment, sender, receiver)
    if not conn.first_fin and not receiver.probing.pending and not sender.probing.pending then
        gap.note_closed_before_due(self, segment, sender, receiver)
    end
    reset.note(self, conn, segment, sender, receiver)
    conn.last_frame, conn.last_time = segment.frame, segment.time
end

-- What the segment is to the close, and to the probes of both sides. The order matters: each step reads what the
-- segments before this one left.
function tracker:observe_segment(conn, segment, sender, receiver, is_probe)
    close.note_write(self, conn, segment, sender, receiver)
    if flags.has(segment.flags, "fin") then
        if not conn.first_fin then
            gap.note_closed_before_due(self, segment, sender, receiver)
        end
        close.note_fin(self, conn, segment, sender, receiver)
    end
    probe.confirm_candidates(self, segment, receiver, sender)
    local is_copy = probe.is_copy(segment, sender)
    local is_answer = not is_probe and not is_copy and probe.note_answer(self, segment, receiver)
    close.note_fin_ack(self, conn, segment, receiver)
    close.note_write_acked(segment, sender, receiver)
    if is_probe then
        probe.note(self, segment, sender, receiver)
        repeats.forget_acknowledged(sender)
        sender.probing.pending.before = connection.segment_before(conn)
        self.probing[conn] = true
    else
        probe.note_candidate(segment, sender, self.settings.min_gap)
        if not is_copy then
            late.note(self, segment, sender, receiver, is_answer)
        end
    end
    if not conn.is_open then
        connection.note_handshake(segment, sender, receiver)
    end
    connection.move_on(conn, segment, sender, receiver, is_probe or is_copy, is_answer)
end

function tracker:note_states(conn, segment, sender, receiver, is_taken)
    if not self.settings.show_state then
        return
    end
    conn.is_quiet = false
    if is_taken then
        state.observe(segment, sender, receiver)
    end
    -- None is known as long as the connection has shown nothing but segments that its ends take no notice of.
    if sender.state then
        self.states = self.states or {}
        self.states[segment.frame] = { sender.state, receiver.state }
    end
end

--- Takes note of a frame of anything, TCP or not, before what is in it is observed: `time` as that of a segment. Where it is
-- not told, the capture counts as one that never rests.
function tracker:pass(frame, time)
    local last = self.last_time
    if last and time - last >= LEAST_REST then
        local rest = { from = last, to = time, last_frame = self.last_frame, frame = frame }
        self.rests[#self.rests + 1] = rest
        self.log:withdraw_provisional()
        hole.after_rest(self, rest)
    end
    if not last or time >= last then
        self.last_time = time
        self.last_frame = frame
    end
end

--- Takes one segment, a table of: frame (number), time (ns since the first frame), stream (key of the connection),
-- source (key of the sending end, the same for all its segments), seq, ack, len, flags (numbers of the header, raw),
-- window (unscaled), ip_id (the IP identification, nil where there is none), clock_steps (how often the capture's clock was
-- set back so far), endpoints (function: names of source and destination), first_octets (function: the first two of the payload,
-- as numbers; nothing when it has not so many), timestamps (function: TSval and TSecr, nothing without the option).
-- The table is the caller's, who may fill it anew for the next segment. Raises nothing on any input of these types.
-- A caller that has the connection of a segment already may ask connection.move_on_in_order before, and needs no table where it says
-- yes; not behind `finish`, of which the next segment here leaves no trace.
function tracker:observe(segment)
    if self.log.provisional[1] then
        self.log:withdraw_provisional()
    end
    local conn = self.connections[segment.stream]
    if conn and conn.is_quiet and move_on_quietly(conn, segment) then
        return
    end
    conn = self:connection_of(segment)
    if not conn then
        return
    end
    local sender, receiver = conn.sides[1], conn.sides[2]
    if segment.source ~= conn.source then
        sender, receiver = receiver, sender
    end
    if conn.clock_steps ~= segment.clock_steps then
        connection.forget_times(conn, segment.clock_steps)
    end
    self:judge(conn, segment, sender, receiver)
end

--- Takes an ICMP error about a segment of a connection: `device` is the address that sent it, `message` what keepalive_icmp.lua
-- read, `source` the key of the end that sent the quoted segment.
function tracker:observe_error(frame, stream, device, message, source)
    local conn = self.connections[stream]
    if conn then
        icmp.note(self, frame, device, message, conn.sides[source == conn.source and 1 or 2])
    end
end

--- The same for an error that tells the ends only, `sender` and `receiver` of the quoted segment: it is about the newest connection
-- between them, where its sender has the quoted number under way.
function tracker:observe_short_error(frame, sender, receiver, device, message)
    self.by_ends = self.by_ends or ends.of(self.connections)
    local conn = self.connections[ends.find(self.by_ends, sender, receiver)]
    local side = conn and conn.sides[conn.sides[1].name == sender and 1 or 2]
    if side and icmp.is_under_way(side, message.seq) then
        icmp.note(self, frame, device, message, side)
    end
end

function tracker:judge_live(conn, segment, sender, receiver)
    hole.note_ip_id(segment, sender)
    if conn.hole or sender.rest then
        hole.settle(self, conn, sender)
    end
    local is_probe = probe.is_probe(segment, sender, receiver, self.settings.min_gap)
    if is_probe or sender.schedule.has_probed or receiver.schedule.has_probed then
        host_clock.note(self, conn, segment, sender, receiver)
    end
    gap.judge(self, segment, sender, receiver, sender, is_probe)
    if sender.held then
        held.note(self, segment, sender)
    end
    if receiver.held then
        held.note_heard(receiver, segment.time)
    end
    -- A copy of the sender's probe ends the peer's gap no more than the probe.
    gap.judge(self, segment, receiver, sender, sender, is_probe or probe.is_copy(segment, sender))
    if flags.has(segment.flags, "rst") then
        self:observe_reset(conn, segment, sender, receiver)
    else
        self:observe_segment(conn, segment, sender, receiver, is_probe)
        if not conn.is_open and flags.has(segment.flags, "ack") and not flags.has(segment.flags, "syn") then
            if conn.before then
                self.probing[conn.before] = nil
            end
            conn.is_open, conn.before = true, nil
            conn.opened = conn.initial_seq and { frame = segment.frame, time = segment.time, from = "handshake" }
        end
    end
    self.doubted = nil
    connection.note_quiet(conn)
end

function tracker:judge(conn, segment, sender, receiver)
    local syn, fin = flags.has(segment.flags, "syn"), flags.has(segment.flags, "fin")
    local rst = flags.has(segment.flags, "rst")
    segment.end_seq = seq.add(segment.seq, segment.len + (syn and 1 or 0) + (fin and 1 or 0))
    local is_taken = reset.is_taken(segment, sender)
    if is_taken and not conn.reset then
        self:judge_live(conn, segment, sender, receiver)
    elseif is_taken and reset.may_go_on(conn, segment, sender, receiver) then
        self.log:put_aside(conn.reset.aside)
        self:judge_live(conn, segment, sender, receiver)
        self.log:put_aside(nil)
        reset.note_judged(self, conn, segment, sender, receiver)
    end
    self:note_states(conn, segment, sender, receiver, is_taken)
    if is_taken and (fin or rst) then
        close.note_writer_closing(conn, segment, sender)
        if connection.is_over(conn) and not conn.is_to_be_forgotten then
            conn.is_to_be_forgotten = true
            self:remember_for_a_while(conn)
        end
    end
end

function tracker:finish_side(conn, side, peer, time)
    if side.rest then
        hole.finish(self, side)
    else
        gap.finish(self, conn, side, peer, time)
    end
    local data, level, frame = repeats.timeout(side, peer, "capture_end", time)
    if data then
        self.log:add_provisional(frame, "retransmission_timeout", level, data)
    end
end

--- Says what the end of the capture shows: intervals missed until then, a last probe that had its time and got no
-- answer, retransmissions without an answer. `time` is that of the capture's last frame. Withdrawn without a trace when more
-- segments come after all (live capture).
function tracker:finish(time)
    self.log:withdraw_provisional()
    for _, conn in pairs(self.connections) do
        if conn and not conn.reset and conn.last_frame then
            self:finish_side(conn, conn.sides[1], conn.sides[2], time)
            self:finish_side(conn, conn.sides[2], conn.sides[1], time)
        end
    end
end

return tracker
