-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The end of a connection: FIN, and what is written after it (RFC 9293 section 3.6). RST is keepalive_reset.lua's.
-- Keeps no state of its own: it writes `first_fin` of the connection and the part `closing` of its sides.

local connection = require "keepalive_connection"
local flags = require "keepalive_flags"
local log = require "keepalive_log"
local payload = require "keepalive_payload"
local seq = require "keepalive_seq"
local side_of = require "keepalive_side"
local tls = require "keepalive_tls"

local close = {}

-- A side that writes and closes within this time was closing already: its write is the tail of its own close.
-- 200 ms is Linux's TCP_RTO_MIN and delayed-ACK ceiling; an application that had not noticed the FIN takes longer.
local CLOSING_TOGETHER = payload.SAME_FLIGHT

-- What was on its way when the peer closed is captured within this time of it, even where the path is slow.
local ON_ITS_WAY = 1000000000

-- Writes without an answer that a side may have: a half-closed upload whose acknowledgments the capture does not show
-- must not fill the memory.
local MOST_OPEN_WRITES = 1000

local function make_harmless(write, reason)
    log.set_level(write.record, "NOTE")
    log.complete(write.record, "harmless", reason)
end

-- Whether what a side wrote within this time is more than leave that it took. What the opener of a connection says asks for
-- something; a client that reads the end behind its own request closes at once, too, and the request is lost all the same.
local function is_request(conn, side, time)
    local bytes = 0
    for _, write in ipairs(side.closing.open_writes or {}) do
        if time - write.time <= CLOSING_TOGETHER then
            bytes = bytes + write.record.data.bytes
        end
    end
    return bytes > payload.LONGEST_GOAWAY and connection.opener(conn) == side
end

-- What a side wrote just before it shows that it is closing was the tail of its close; so was an RST it drew.
local function make_recent_harmless(conn, side, time, reason)
    if is_request(conn, side, time) then
        return
    end
    for _, write in ipairs(side.closing.open_writes or {}) do
        if time - write.time <= CLOSING_TOGETHER and write.record.level ~= "NOTE" then
            make_harmless(write, reason)
            if conn.reset and conn.reset.cause == write then
                log.set_level(conn.reset.record, "NOTE")
            end
        end
    end
end

--- A side that writes and closes at once was closing anyway: its open writes, and an RST they drew, are harmless.
-- To be told of its FIN or RST also when the peer's RST came first.
function close.note_writer_closing(conn, segment, sender)
    make_recent_harmless(conn, sender, segment.time, flags.has(segment.flags, "fin") and "own_fin" or "own_rst")
end

-- Whether the peer of the closing side may have closed before, without the capture showing it. New
-- bytes of the peer will tell (note_sent_more).
local function doubt_about_first(segment, receiver)
    local nxt = receiver.snd_nxt
    if nxt and (receiver.hole_end == nxt or seq.after(segment.ack, nxt)) then
        return "unseen_bytes"
    end
    return not receiver.seen and "unseen_peer" or nil
end

-- The side sent bytes beyond all that it had sent: it had not closed before.
local function note_sent_more(conn, sender)
    local first = conn.first_fin
    if first and first ~= sender.closing.fin then
        log.complete(first.record, "doubt", nil)
    end
end

-- Until when the peer's payload is no more than the answer to what a side said right before its FIN, as with QUIT: nobody
-- waits for it, and its writer could not know of the FIN. What the opener says asks for something. What the other side
-- says does not, unless it is in answer to nothing itself, as a WebSocket's close (RFC 6455 section 5.5.1). Nil when there
-- is no such payload.
local function answers_come_until(conn, segment, sender, receiver)
    local last, answer = sender.last_data, receiver.last_data
    if not last or segment.time - last.time > CLOSING_TOGETHER or (answer and answer.frame > last.frame) then
        return nil
    elseif connection.opener(conn) == sender then
        return segment.time + ON_ITS_WAY
    end
    return payload.farewell(segment, sender, receiver) and segment.time + CLOSING_TOGETHER
end

--- The first FIN of the connection, and the FIN of this side (a retransmission changes nothing).
function close.note_fin(tracker, conn, segment, sender, receiver)
    if sender.closing.fin or flags.has(segment.flags, "syn") then
        return
    end
    local is_new = not sender.snd_nxt or seq.after(segment.end_seq, sender.snd_nxt)
    if segment.len > 0 and (not sender.snd_nxt or seq.after(seq.add(segment.seq, segment.len), sender.snd_nxt)) then
        payload.note_new(conn, segment, sender, receiver)
    end
    local fin = { frame = segment.frame, time = segment.time, end_seq = segment.end_seq,
        before = connection.segment_before(conn),
        answers_until = answers_come_until(conn, segment, sender, receiver) }
    side_of.own(sender, "closing").fin = fin
    if conn.first_fin then
        if is_new then
            note_sent_more(conn, sender)
        end
        return
    end
    conn.first_fin = fin
    local before, farewell = payload.before_close(segment, sender, receiver)
    local last, data = conn.last_data, {
        by = sender.name,
        packet_idle = conn.last_time and segment.time - conn.last_time,
        doubt = doubt_about_first(segment, receiver),
    }
    if last then
        data.data_idle, data.last_data = segment.time - last.time, last.frame
    end
    payload.add_silence(data, conn, segment.time, before, farewell)
    fin.record = tracker.log:add(segment.frame, "fin", "NOTE", data)
end

--- The first segment whose acknowledgment covers the connection's first FIN.
function close.note_fin_ack(tracker, conn, segment, receiver)
    local fin = conn.first_fin
    if not fin or fin ~= receiver.closing.fin or fin.acked or not flags.has(segment.flags, "ack")
        or not seq.covers(segment.ack, fin.end_seq) then
        return
    end
    fin.acked = true
    tracker.log:add(segment.frame, "fin_ack", "CHAT", { fin = fin.frame, delay = segment.time - fin.time })
end

--- Whether both sides have sent their FIN and have the other's acknowledgment of it: nothing is left to be broken.
function close.is_complete(conn)
    local one, other = conn.sides[1], conn.sides[2]
    local fin, other_fin = one.closing.fin, other.closing.fin
    return fin and other_fin and one.snd_una and other.snd_una
        and seq.covers(one.snd_una, fin.end_seq) and seq.covers(other.snd_una, other_fin.end_seq)
end

local function add_open_write(side, write)
    local closing = side_of.own(side, "closing")
    local open = closing.open_writes or {}
    if #open == MOST_OPEN_WRITES then
        -- The oldest stays: it is what an RST answers.
        table.remove(open, 2)
    end
    open[#open + 1] = write
    closing.open_writes = open
end

local function note_post_fin_write(tracker, conn, segment, sender, receiver, bytes)
    local fin = receiver.closing.fin
    local record = tracker.log:add(segment.frame, "post_fin_write", "WARN",
        { fin = fin.frame, after_fin = segment.time - fin.time, bytes = bytes })
    local write = { record = record, frame = segment.frame, time = segment.time, end_seq = segment.end_seq }
    if receiver.closing.half_close_proven then
        make_harmless(write, "half_close")
    elseif fin.answers_until and write.time <= fin.answers_until then
        make_harmless(write, "asked_for")
    elseif tls.is_alert(segment) then
        make_harmless(write, "tls_alert")
        make_recent_harmless(conn, sender, segment.time, "before_alert")
    end
    add_open_write(sender, write)
end

--- Payload of a side that knows of the peer's FIN (its ACK covers it), or that has sent its own.
-- A retransmission is not a write: only new sequence space counts.
function close.note_write(tracker, conn, segment, sender, receiver)
    if segment.len == 0 or not sender.snd_nxt then
        return
    end
    local payload_end = seq.add(segment.seq, segment.len)
    if not seq.after(payload_end, sender.snd_nxt) then
        return
    end
    note_sent_more(conn, sender)
    if receiver.closing.fin and receiver.closing.fin == conn.first_fin then
        payload.answer_after_close(conn.first_fin, segment, receiver)
    end
    local bytes = math.min(segment.len, seq.distance(payload_end, sender.snd_nxt))
    local own_fin, peers_fin = sender.closing.fin, receiver.closing.fin
    if own_fin then
        -- Payload after a hole may be of another connection, whose SYN is not in the capture.
        if not seq.after(segment.seq, sender.snd_nxt) then
            tracker.log:add(segment.frame, "write_after_own_fin", "WARN", { fin = own_fin.frame, bytes = bytes })
        end
    elseif peers_fin and seq.covers(segment.ack, peers_fin.end_seq) then
        note_post_fin_write(tracker, conn, segment, sender, receiver, bytes)
    end
end

--- An acknowledgment by the side that sent the FIN: it still takes data, so the half-close is legal.
function close.note_write_acked(segment, sender, receiver)
    local open = receiver.closing.open_writes
    if not open or not flags.has(segment.flags, "ack") or not seq.covers(segment.ack, open[1].end_seq) then
        return
    end
    local still_open = {}
    for _, write in ipairs(open) do
        if seq.covers(segment.ack, write.end_seq) then
            log.complete(write.record, "acked_in", segment.frame)
            make_harmless(write, "half_close")
        else
            still_open[#still_open + 1] = write
        end
    end
    receiver.closing.open_writes = still_open[1] and still_open or nil
    side_of.own(sender, "closing").half_close_proven = true
end

--- The side that half-closed took data before, but resets what was written last: that was not legal, it is lost.
function close.take_back_half_close(writer)
    for _, write in ipairs(writer.closing.open_writes or {}) do
        if write.record.data.harmless == "half_close" then
            log.set_level(write.record, "WARN")
            log.complete(write.record, "harmless", nil)
        end
    end
end

return close
