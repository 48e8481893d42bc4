-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Who said what last, and how long before a close: the age of a silence. Payload counts when it is new; the same bytes
-- once more are nothing that anybody said. Writes `last_data` of a connection, and of its sides what keepalive_side.lua
-- names.
--
-- The age at a close is counted from the last new payload that the closer had sent or acknowledged: what was still on
-- its way to it, it did not know of. Its farewell does not count: a short message in answer to nothing, in the same
-- flight as its FIN or RST (a TLS alert; the errors with which PostgreSQL, MySQL or an FTP server end an idle session; the
-- words with which their clients leave).

local log = require "keepalive_log"
local seq = require "keepalive_seq"
local tls = require "keepalive_tls"

local payload = {}

local begins_alert = tls.begins_alert
local LONGEST_ALERT = tls.LONGEST_ALERT
local MODULUS, HALF_OF_NUMBERS = seq.MODULUS, seq.HALF

-- What a side sends without waiting for an answer follows within this time: Linux's TCP_RTO_MIN and delayed-ACK ceiling.
local SAME_FLIGHT = 200000000
payload.SAME_FLIGHT = SAME_FLIGHT
-- A farewell is one short message. What is longer is an answer, or a part of one.
local LONGEST_FAREWELL = 1000
-- An HTTP/2 GOAWAY (RFC 9113 section 6.8) and a TLS alert, both encrypted: short enough to be no answer.
local LONGEST_GOAWAY = 100
payload.LONGEST_GOAWAY = LONGEST_GOAWAY
-- An answer that takes longer may be none.
local LONGEST_ROUND_TRIP = 1000000000

local NOTHING = {}

-- Sooner than the least round trip by this much, and in less than half of it: host and path vary by less. Where the capture
-- shows a single round trip, which may have been a slow one, in less than an eighth of it.
local LEAST_LEAD = 200000
local HALF, EIGHTH = 2, 8

-- Payload and acknowledgments are most of a capture: for them the arithmetic of keepalive_seq.lua and keepalive_flags.lua is
-- done in place, what is read of the segment is handed over as numbers, and each assignment is a statement of its own, which Lua
-- carries out in one step instead of two.
local ACK = 16

local function later(one, other)
    return one and other and (one.frame > other.frame and one or other) or one or other
end

-- The last payload of `peer` that the sender of the segment has acknowledged, this segment included.
local function heard(segment, peer)
    local last = peer.last_data
    if last and (segment.ack - last.end_seq) % MODULUS < HALF_OF_NUMBERS and segment.flags % 32 >= ACK then
        return last
    end
    return peer.acked_data
end

local function is_acceptor(conn, side)
    return conn.initial_seq and side ~= conn.sides[1]
end

-- Whether the side that opened the connection says something new: the peer's last word was its answer to what the side had
-- said before. What it says then is a request, or its farewell (MySQL's COM_QUIT, PostgreSQL's Terminate).
local function is_next_word(conn, sender, spoken)
    return sender == conn.sides[1] and not (spoken and spoken.frame and not spoken.is_doubtful)
end

local function begin_tail(conn, sender, frame, time, len, before, is_alert, is_doubtful, is_next)
    local tail = sender.tail or { unasked = 0 }
    sender.tail = tail
    tail.is_habit = not is_alert and tail.unasked > 0
    tail.unasked = tail.unasked + (is_alert and 0 or 1)
    tail.frame = frame
    tail.time = time
    tail.bytes = len
    tail.is_doubtful = is_doubtful
    tail.is_next = is_next
    tail.is_last_word = is_next
    before = before or NOTHING
    tail.before_frame = before.frame
    tail.before_time = before.time
    tail.before_by = before.by
    tail.before_alert = before.is_alert
    tail.is_of_acceptor = is_acceptor(conn, sender)
    tail.replies = 0
    tail.reply_time = nil
    tail.reply_bytes = 0
end

-- Keeps what may turn out to be a farewell: payload in answer to nothing after a silence, or a TLS alert behind an answer.
-- The first payload of a connection that the capture shows from its SYN on is a request, or a greeting; but what the side
-- that was connected to says first after a silence may be its farewell to a client that asked for nothing (HTTP's 408). Nor
-- is it one for a side that has spoken unasked before: it may do so at any time (metrics, notifications). `is_answer`: an
-- answer after more than a second, or the side's next word.
local function note_tail(conn, sender, frame, time, len, known, is_alert, is_answer, is_next)
    local last, tail, opened = sender.last_data, sender.tail, conn.opened
    local is_first = opened and not (last or known)
        and not (is_acceptor(conn, sender) and time - opened.time > LONGEST_ROUND_TRIP)
    local is_flight = tail and tail.frame and not is_answer and time - tail.time <= SAME_FLIGHT
    if is_flight and not (is_alert and tail.is_habit) then
        tail.bytes = tail.bytes + len
        tail.is_doubtful = tail.is_doubtful and not is_alert
    elseif is_alert or not (is_first or is_answer or last and time - last.time <= SAME_FLIGHT) then
        begin_tail(conn, sender, frame, time, len, later(last, known), is_alert, false, false)
    elseif is_answer and len <= LONGEST_GOAWAY then
        begin_tail(conn, sender, frame, time, len, later(last, known), false, not is_next, is_next)
    elseif tail then
        tail.frame = nil
    end
end

-- What is not acknowledged yet begins here.
local function begin_outstanding(out, conn, frame, time, number)
    local before = conn.last_data or conn.opened or NOTHING
    out.frame = frame
    out.time = time
    out.seq = number
    out.before_frame = before.frame
    out.before_time = before.time
    out.before_from = before.from
end

--- What was said last before what `side` has outstanding, by either side (nil: the capture shows nothing), and when the
-- first of that was sent.
function payload.before_outstanding(side)
    local out = side.outstanding
    if out and out.frame then
        local before = out.before_frame and { frame = out.before_frame, time = out.before_time, from = out.before_from }
        return before or nil, out.time
    end
    return nil, side.last_sent and side.last_sent.time or side.closing.fin.time
end

--- Payload that goes beyond all that its sender had sent: `len` bytes from `number` on. To be told before the segment moves SND.NXT.
-- `ack` is its acknowledgment number, nil without the flag; `first_octets` is the segment's function.
function payload.note_next(conn, sender, receiver, frame, time, number, len, ack, first_octets)
    local is_alert = len <= LONGEST_ALERT and begins_alert(len, first_octets())
    local last, out, spoken, known = sender.last_data, sender.outstanding, receiver.tail, receiver.last_data
    if not (known and ack and (ack - known.end_seq) % MODULUS < HALF_OF_NUMBERS) then
        known = receiver.acked_data
    end
    if spoken and spoken.frame then
        spoken.replies = spoken.replies + 1
        spoken.reply_time = time
        spoken.reply_bytes = len
        if spoken.is_next then
            spoken.unasked = spoken.unasked - 1
            spoken.is_next = false
        end
    end
    local is_answer = known and not (last and last.frame > known.frame)
    local is_next = is_answer and len <= LONGEST_GOAWAY and last and conn.initial_seq and is_next_word(conn, sender, spoken)
    -- An answer within a second is no farewell, whatever came before: most payload is one.
    if is_alert or not is_answer or is_next or time - known.time > LONGEST_ROUND_TRIP then
        note_tail(conn, sender, frame, time, len, known, is_alert, is_answer, is_next)
    else
        local tail = sender.tail
        if tail then
            tail.frame = nil
        end
    end
    if not last then
        last, out = { by = sender }, {}
        sender.last_data, sender.outstanding = last, out
    end
    if not out.frame then
        begin_outstanding(out, conn, frame, time, number)
    end
    last.frame = frame
    last.time = time
    last.is_alert = is_alert
    last.end_seq = (number + len) % MODULUS
    conn.last_data = last
end
local note_next = payload.note_next

--- The same, of the segment.
function payload.note_new(conn, segment, sender, receiver)
    note_next(conn, sender, receiver, segment.frame, segment.time, segment.seq, segment.len,
        segment.flags % 32 >= ACK and segment.ack or nil, segment.first_octets)
end

--- A delay between something that the peer of `side` sent and the acknowledgment of it: not less than the round trip
-- between the point of capture and the side.
function payload.note_round_trip(side, delay)
    if delay >= 0 then
        local least = side.least_round_trip
        if not least or delay < least then
            least = delay
            side.least_round_trip = delay
        end
        side.round_trips = (side.round_trips or 0) + 1
        -- The handshake tells it best. Without it this is the most that is known of the way to the side and back.
        if not side.has_answered_syn then
            side.schedule.round_trip = least
        end
    end
end
local note_round_trip = payload.note_round_trip

--- The least round trip to a side, when something of it came so soon that it cannot have been an answer of that host; nil
-- otherwise, and as long as the connection shows no round trip.
function payload.beats_round_trip(side, delay)
    local least = side.least_round_trip
    local is_sooner = least and (side.round_trips > 1 and HALF or EIGHTH) * delay < least and least - delay >= LEAST_LEAD
    return is_sooner and least or nil
end

local function note_heard(receiver, frame, time, is_alert)
    local acked = receiver.acked_data
    if not acked then
        acked = { by = receiver }
        receiver.acked_data = acked
    end
    acked.frame = frame
    acked.time = time
    acked.is_alert = is_alert
end

--- The acknowledgment number `ack` of a segment of `sender` goes beyond what it had acknowledged of the receiver. To be told
-- before the segment moves SND.NXT.
function payload.note_acknowledged(sender, receiver, frame, time, ack)
    local last, out, nxt = receiver.last_data, receiver.outstanding, receiver.snd_nxt
    local covers_all = last and (ack - last.end_seq) % MODULUS < HALF_OF_NUMBERS
    local is_outstanding = out and out.frame
    if (is_outstanding and not covers_all) or (nxt and ack ~= nxt and (ack - nxt) % MODULUS < HALF_OF_NUMBERS) then
        -- Bytes that the capture lacks, or a part of what is outstanding: all that is known is that they were there by now.
        note_heard(receiver, frame, time, false)
    elseif is_outstanding then
        note_round_trip(sender, time - last.time)
        note_heard(receiver, last.frame, last.time, last.is_alert)
    end
    if covers_all and is_outstanding then
        receiver.repeats = nil
        out.frame = nil
    end
end

-- Whether what the closer said unasked was taken leave of: one short reply, and the close at once. So closes WebSocket (RFC
-- 6455 section 7.1.2) and AMQP (0-9-1, connection.close-ok). What the opener of a connection says asks for something, and
-- its reply is an exchange.
local function is_leave_taken(tail, time)
    return tail.is_of_acceptor and tail.replies == 1 and tail.reply_bytes <= LONGEST_GOAWAY
        and tail.reply_time - tail.time <= LONGEST_ROUND_TRIP and time - tail.reply_time <= SAME_FLIGHT
end

--- What is taken for the closer's farewell, { frame, time, bytes }, or nil; and whether the peer took leave, too. `segment`
-- is the closer's FIN or RST.
function payload.farewell(segment, closer, peer)
    local known = heard(segment, peer)
    local tail, time = closer.tail, segment.time
    if not tail or not tail.frame or tail.is_doubtful or tail.is_habit or tail.bytes > LONGEST_FAREWELL then
        return nil
    end
    if not (known and known.frame > tail.frame) then
        return time - tail.time <= SAME_FLIGHT and tail or nil
    end
    if is_leave_taken(tail, time) then
        return tail, true
    end
    return nil
end

--- What was said last before a FIN or an RST in answer to nothing, as far as its sender knew and without its farewell.
-- Returns { frame, time, by, is_alert } or nil when the capture shows no payload before, and the farewell or nil.
function payload.before_close(segment, closer, peer)
    local known = heard(segment, peer)
    local farewell, is_replied = payload.farewell(segment, closer, peer)
    if not farewell then
        return later(closer.last_data, known), nil
    end
    local before = farewell.before_frame
        and { frame = farewell.before_frame, time = farewell.before_time, by = farewell.before_by,
            is_alert = farewell.before_alert }
    return is_replied and before or later(before, known), farewell
end

--- New payload of the peer after the closer's FIN: what it says at length is an answer, so that the closer had taken its
-- leave of nothing, but asked for something and closed its side (as `nc -N` does). `fin` is the closer's.
function payload.answer_after_close(fin, segment, closer)
    local farewell, data = closer.tail, fin.record.data
    if data.farewell and farewell and data.farewell == farewell.frame and farewell.is_last_word
        and segment.len > LONGEST_GOAWAY then
        local last = closer.last_data
        log.complete(fin.record, "silence", fin.time - last.time)
        log.complete(fin.record, "since", last.frame)
        log.complete(fin.record, "silence_from", "payload")
        log.complete(fin.record, "farewell", nil)
        log.complete(fin.record, "farewell_bytes", nil)
    end
end

--- Gives the data of a finding the age of a silence, at the time when it ended: at the close, or at the segment that an
-- RST answers. `before` is what was there before it, nil when the capture shows nothing.
function payload.add_silence(data, conn, silent_until, before, farewell)
    before = before or conn.opened
    if conn.hole and silent_until >= conn.hole.time and not (before and before.time >= conn.hole.time) then
        before = conn.hole
    end
    data.silence = silent_until - (before and before.time or conn.unseen_until)
    data.silence_from = before and (before.from or "payload") or "capture_start"
    data.since = before and before.frame
    data.farewell = farewell and farewell.frame
    data.farewell_bytes = farewell and farewell.bytes
end

return payload
