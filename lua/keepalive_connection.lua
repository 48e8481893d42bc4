-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- A connection and what every segment of it moves on, and which connections are worth remembering. Its two sides are
-- described in keepalive_side.lua.
--
-- A connection: stream, source (the key of sides[1]), sides, clock_steps, last_frame and last_time, frame_before and
-- time_before (of the segment before), unseen_until, is_quiet (all written here); last_data (keepalive_payload.lua); is_open, opened,
-- initial_seq, before, is_to_be_forgotten (keepalive_tracker.lua); first_fin (keepalive_close.lua); reset
-- (keepalive_reset.lua); stepping (keepalive_host_clock.lua).

local flags = require "keepalive_flags"
local payload = require "keepalive_payload"
local repeats = require "keepalive_repeats"
local seq = require "keepalive_seq"
local side_of = require "keepalive_side"

local connection = {}

local is_acknowledging = flags.is_acknowledging
local MODULUS, HALF = seq.MODULUS, seq.HALF
local note_next, note_acknowledged_payload = payload.note_next, payload.note_acknowledged

local CONNECTION_AT_FIRST = { __index = { is_open = false, is_quiet = false } }

--- A connection, as the first segment of it that the capture shows makes it. `unseen_until`: before that time, nothing is known of it.
function connection.new(settings, segment, unseen_until)
    local source, destination = segment.endpoints()
    return setmetatable({
        stream = segment.stream,
        source = segment.source,
        clock_steps = segment.clock_steps,
        unseen_until = unseen_until,
        sides = { side_of.new(settings, source), side_of.new(settings, destination) },
    }, CONNECTION_AT_FIRST)
end

local function is_quiet(side)
    local probing = side.probing
    return not (side.closing.fin or probing.pending or probing.candidates or side.schedule.has_probed)
end

--- Notes whether there is nothing in the connection that an ordinary segment could be judged against.
function connection.note_quiet(conn)
    conn.is_quiet = conn.is_open and not conn.reset and is_quiet(conn.sides[1]) and is_quiet(conn.sides[2])
end

--- Whether the segment answers a SYN that has not been accepted, but acknowledges something else: it is of the
-- connection before on the same addresses and ports (RFC 9293 section 3.10.7.4, RFC 5961 section 4: challenge ACK).
function connection.is_of_one_before(conn, segment)
    return conn.initial_seq and not conn.is_open and segment.source ~= conn.source and not conn.sides[2].seen
        and flags.is_plain_ack(segment.flags) and segment.ack ~= conn.sides[1].snd_nxt
end

-- A SYN, or the answer to it, that took longer was lost and sent again (RFC 6298: the first RTO is 1 s).
local LONGEST_ROUND_TRIP = 1000000000

--- Notes how long a side takes to answer the peer's SYN: that is the way from the point of capture to it and back.
function connection.note_handshake(segment, sender, receiver)
    if receiver.syn_time and flags.has(segment.flags, "ack") and not sender.has_answered_syn then
        sender.has_answered_syn = true
        local delay = segment.time - receiver.syn_time
        if delay > 0 and delay < LONGEST_ROUND_TRIP then
            sender.schedule.round_trip = delay
            receiver.schedule.opening_took = delay
            payload.note_round_trip(sender, delay)
        end
    end
    local is_copy = sender.syn_time and segment.time - sender.syn_time < LONGEST_ROUND_TRIP
    if flags.has(segment.flags, "syn") and not is_copy then
        sender.syn_time = segment.time
    end
end

-- Moves SND.NXT on; `is_hole` says that the capture does not show the bytes before the number.
local function move_next(side, number, is_hole)
    local known = side.snd_nxt
    local ahead = known and (number - known) % MODULUS
    if not known or (ahead > 0 and ahead < HALF) then
        side.snd_nxt, side.hole_end = number, known and is_hole and number or nil
    end
end

local function note_acknowledged(segment, sender, receiver)
    local ack, known = segment.ack, receiver.snd_una
    local ahead = known and (ack - known) % MODULUS
    if not known or (ahead > 0 and ahead < HALF) then
        note_acknowledged_payload(sender, receiver, segment.frame, segment.time, ack)
        receiver.snd_una = ack
    end
    -- The peer has these bytes, so they were sent, whether the capture shows them or not.
    move_next(receiver, ack, true)
end

local function note_sent(sender, frame, time)
    local last = sender.last_sent
    if last then
        last.frame, last.time = frame, time
    else
        sender.last_sent = { frame = frame, time = time }
    end
end

-- The segment carries something that is not acknowledged yet: payload, SYN or FIN, maybe once more.
local function note_unacknowledged(conn, segment, sender, receiver)
    if segment.len > 0 then
        note_sent(sender, segment.frame, segment.time)
    end
    local nxt = sender.snd_nxt
    local ahead = nxt and (segment.end_seq - nxt) % MODULUS
    if not nxt or (ahead > 0 and ahead < HALF) then
        -- The payload of a FIN was noted with the FIN.
        repeats.forget_acknowledged(sender)
        if segment.len > 0 and not flags.has(segment.flags, "fin") then
            payload.note_new(conn, segment, sender, receiver)
        end
    elseif conn.is_open then
        repeats.note(segment, sender, receiver)
    end
    sender.data_time = segment.time
    if not conn.is_quiet then
        sender.schedule:silence_over()
        receiver.schedule:silence_over()
    end
end

--- Moves the connection on by a segment that is no RST. Runs for each segment, so the arithmetic of keepalive_seq.lua is
-- done in place.
function connection.move_on(conn, segment, sender, receiver, is_probe, is_answer)
    local frame, time, end_seq, known = segment.frame, segment.time, segment.end_seq, sender.snd_una
    -- How far the segment reaches beyond what its receiver has acknowledged; less than nothing from HALF on.
    local beyond = known and (end_seq - known) % MODULUS
    if is_probe then
        receiver.schedule:peer_probed(time)
    elseif not known or beyond < HALF then
        -- Linux takes a segment as a sign of life unless all of it was acknowledged before (tcp_sequence() in
        -- net/ipv4/tcp_input.c). A zero-length probe lies before what was acknowledged.
        if conn.is_quiet then
            receiver.schedule.clock = time
        else
            receiver.schedule:heard(time, is_answer)
        end
    end
    -- A copy of a frame carries nothing that is not acknowledged yet.
    if end_seq ~= segment.seq and not is_probe and (not known or (beyond > 0 and beyond < HALF)) then
        note_unacknowledged(conn, segment, sender, receiver)
    elseif segment.len > 0 and not is_probe then
        repeats.note_acknowledged(segment, sender)
    end
    move_next(sender, end_seq, end_seq == segment.seq)
    if is_acknowledging(segment.flags) then
        note_acknowledged(segment, sender, receiver)
    end
    sender.seen, sender.last_frame, sender.last_seq, receiver.snd_wnd = true, frame, segment.seq, segment.window
    conn.frame_before, conn.time_before = conn.last_frame, conn.last_time
    conn.last_frame, conn.last_time = frame, time
end

--- Moves the connection on by the segment that its receiver waits for, when that is all that the segment does, and returns whether
-- it is: data or an acknowledgment, on a connection where neither side has probed or closed, that begins at SND.NXT and
-- acknowledges nothing but what the capture shows. Nearly all segments are. The same as move_on in fewer steps, which run for most
-- frames, so they get numbers instead of a table to fill, and each assignment is a statement of its own. `number` and `ack` are of
-- a segment with `len` bytes, with ACK and none of SYN, FIN and RST. Where numbers wrap around, move_on does it.
function connection.move_on_in_order(conn, sender, receiver, frame, time, clock_steps, number, ack, len, window, ip_id,
    first_octets)
    local end_seq, nxt, known, acknowledged = number + len, sender.snd_nxt, sender.snd_una, receiver.snd_una
    if number ~= nxt or not conn.is_quiet or not known or known > nxt or end_seq - known >= HALF or end_seq >= MODULUS
        or not acknowledged or ack < acknowledged or ack > receiver.snd_nxt or conn.clock_steps ~= clock_steps then
        return false
    end
    if len > 0 then
        local sent = sender.last_sent
        if sent then
            sent.frame = frame
            sent.time = time
        else
            sender.last_sent = { frame = frame, time = time }
        end
        note_next(conn, sender, receiver, frame, time, number, len, ack, first_octets)
        sender.data_time = time
        sender.snd_nxt = end_seq
        sender.hole_end = nil
        sender.again = nil
    end
    if ack > acknowledged then
        note_acknowledged_payload(sender, receiver, frame, time, ack)
        receiver.snd_una = ack
    end
    receiver.schedule.clock = time
    receiver.snd_wnd = window
    sender.seen = true
    sender.last_frame = frame
    sender.last_seq = number
    sender.ip_id = ip_id
    conn.frame_before = conn.last_frame
    conn.time_before = conn.last_time
    conn.last_frame = frame
    conn.last_time = time
    return true
end
local move_on_in_order = connection.move_on_in_order

--- Moves the connection on when that is all that the segment does, and returns whether it is: data or an acknowledgment,
-- on a connection where neither side has probed or closed, and not in the shape of a probe.
function connection.move_on_quietly(conn, segment)
    local word, number, len = segment.flags, segment.seq, segment.len
    if word % 8 ~= 0 or word % 32 < 16 or conn.clock_steps ~= segment.clock_steps then
        return false
    end
    local sides = conn.sides
    local sender, receiver = sides[1], sides[2]
    if segment.source ~= conn.source then
        sender, receiver = receiver, sender
    end
    if move_on_in_order(conn, sender, receiver, segment.frame, segment.time, segment.clock_steps, number, segment.ack, len,
        segment.window, segment.ip_id, segment.first_octets) then
        return true
    end
    local nxt = sender.snd_nxt
    if len <= 1 and (not nxt or number == (nxt - 1) % MODULUS) then
        return false
    end
    segment.end_seq = (number + len) % MODULUS
    sender.ip_id = segment.ip_id
    connection.move_on(conn, segment, sender, receiver, false, false)
    return true
end

--- The capture's clock was set back: how long ago anything was before that is not known any more.
function connection.forget_times(conn, clock_steps)
    conn.clock_steps = clock_steps
    for _, side in ipairs(conn.sides) do
        side_of.forget_times(side)
    end
end

--- The peer acknowledged `number`, the one after the probes that are all the capture has shown of `prober`: they lie
-- before SND.NXT, and told their receiver nothing.
function connection.begin_from_answer(prober, receiver, number)
    prober.snd_nxt, receiver.seen = number, true
    receiver.schedule:forget_clock()
end

--- The last segment of the connection, as what a silence began with; nil when there is none.
function connection.segment_before(conn)
    return conn.last_frame and { frame = conn.last_frame, time = conn.last_time, from = "segment" } or nil
end

--- The side that opened the connection: the one that sent the SYN; in a capture that starts later the one with the higher
-- port, since services listen on low ones (RFC 6335 section 6). Nil where the ports are the same: which side the capture
-- shows first says nothing.
function connection.opener(conn)
    local one, other = conn.sides[1], conn.sides[2]
    if conn.initial_seq then
        return one
    end
    local port, other_port = tonumber(one.name:match("%d+$")), tonumber(other.name:match("%d+$"))
    if not port or not other_port or port == other_port then
        return nil
    end
    return port < other_port and other or one
end

--- Whether the connection was reset, or both sides have sent their FIN: little more is to be expected of it.
function connection.is_over(conn)
    return conn.reset ~= nil or (conn.sides[1].closing.fin ~= nil and conn.sides[2].closing.fin ~= nil)
end

return connection
