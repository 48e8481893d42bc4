-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The end of a connection: FIN, what is written or probed after it, RST (RFC 9293 sections 3.5 and 3.6).
-- Keeps no state of its own: it reads and writes the connection and its sides, which keepalive_tracker.lua owns.

local flags = require "keepalive_flags"
local seq = require "keepalive_seq"

local close = {}

-- A side that writes and closes within this time was closing already: its write is the tail of its own close.
-- 200 ms is Linux's TCP_RTO_MIN and delayed-ACK ceiling; an application that had not noticed the FIN takes longer.
local CLOSING_TOGETHER = 200000000

local HARMLESS = {
    half_close = "the peer acknowledges it, a legal half-close",
    own_fin = "the writer is closing too, its own FIN goes with it or follows at once",
    own_rst = "the writer is closing too, its own RST follows at once",
    tls_alert = "a TLS alert, sent by a side that is closing too",
}

-- TLS record header (RFC 8446 section 5.1): content type 21 is an alert, the legacy version's major number is 3.
local function is_tls_alert(segment)
    local head = segment.payload and segment.payload() or ""
    return head:byte(1) == 21 and head:byte(2) == 3
end

local function make_harmless(write, reason)
    write.record.level = "NOTE"
    write.record.data.harmless = HARMLESS[reason]
end

--- A side that writes and closes at once was closing anyway: its open writes, and an RST they drew, are harmless.
-- To be told of its FIN or RST also when the peer's RST came first.
function close.note_writer_closing(conn, segment, sender)
    for _, write in ipairs(sender.open_writes) do
        if segment.time - write.time <= CLOSING_TOGETHER then
            make_harmless(write, flags.has(segment.flags, "fin") and "own_fin" or "own_rst")
            if conn.reset and conn.reset.cause == write then
                conn.reset.record.level = "NOTE"
            end
        end
    end
end

--- The first FIN of the connection, and the FIN of this side (a retransmission changes nothing).
function close.note_fin(tracker, conn, segment, sender)
    if sender.fin then
        return
    end
    sender.fin = { frame = segment.frame, time = segment.time, end_seq = segment.end_seq }
    if conn.first_fin then
        return
    end
    conn.first_fin = sender.fin
    local data = segment.len > 0 and segment or conn.last_data
    tracker:add(segment.frame, "fin", "NOTE", {
        by = sender.name,
        data_idle = data and segment.time - data.time,
        packet_idle = conn.last_time and segment.time - conn.last_time,
        last_data = data and data.frame,
    })
end

--- The first segment whose acknowledgment covers the connection's first FIN.
function close.note_fin_ack(tracker, conn, segment, receiver)
    local fin = conn.first_fin
    if not fin or fin ~= receiver.fin or fin.acked or not flags.has(segment.flags, "ack")
        or not seq.covers(segment.ack, fin.end_seq) then
        return
    end
    fin.acked = true
    tracker:add(segment.frame, "fin_ack", "CHAT", { fin = fin.frame, delay = segment.time - fin.time })
end

--- Payload of a side that knows of the peer's FIN (its ACK covers it), or that has sent its own.
-- A retransmission is not a write: only new sequence space counts.
function close.note_write(tracker, segment, sender, receiver)
    if segment.len == 0 or not sender.nxt or not seq.after(segment.end_seq, sender.nxt) then
        return
    end
    if sender.fin then
        tracker:add(segment.frame, "write_after_own_fin", "WARN",
            { fin = sender.fin.frame, bytes = segment.len })
        return
    end
    local fin = receiver.fin
    if not fin or not seq.covers(segment.ack, fin.end_seq) then
        return
    end
    local record = tracker:add(segment.frame, "post_fin_write", "WARN",
        { fin = fin.frame, after_fin = segment.time - fin.time, bytes = segment.len })
    local write = { record = record, frame = segment.frame, time = segment.time, ack = segment.ack,
        end_seq = segment.end_seq }
    if receiver.half_close_proven then
        make_harmless(write, "half_close")
    elseif is_tls_alert(segment) then
        make_harmless(write, "tls_alert")
    end
    sender.open_writes[#sender.open_writes + 1] = write
end

--- An acknowledgment by the side that sent the FIN: it still takes data, so the half-close is legal.
function close.note_write_acked(segment, sender, receiver)
    local open = receiver.open_writes
    while open[1] and flags.has(segment.flags, "ack") and seq.covers(segment.ack, open[1].end_seq) do
        local write = table.remove(open, 1)
        write.record.data.acked_in = segment.frame
        make_harmless(write, "half_close")
        sender.half_close_proven = true
    end
end

-- The side that half-closed took data before, but resets what was written last: that was not legal, it is lost.
local function take_back_half_close(writes)
    for _, write in ipairs(writes) do
        if write.record.data.harmless == HARMLESS.half_close then
            write.record.level, write.record.data.harmless = "WARN", nil
        end
    end
end

-- What the RST of a side that has sent its FIN answers: the oldest write the peer had open, else its pending probe.
local function post_fin_cause(sender, receiver)
    if not sender.fin then
        return nil
    end
    local write = receiver.open_writes[1]
    if write then
        return write, "write", write.record.level == "NOTE"
    end
    if receiver.pending and receiver.pending.after_fin then
        return receiver.pending, "probe", receiver.fin ~= nil
    end
    return nil
end

-- What an RST followed: the peer's data that this side never acknowledged, the peer's pending probe, or nothing.
local function followed(sender, receiver)
    if receiver.pending then
        return "probe", receiver.pending
    end
    local unacknowledged = receiver.nxt and sender.acked and seq.after(receiver.nxt, sender.acked)
    if unacknowledged and receiver.last_data then
        return "data", receiver.last_data
    end
    return "nothing", nil
end

local function note_gave_up(tracker, segment, sender, receiver)
    local pending = sender.pending
    tracker.probes.note_unanswered(tracker, segment, sender)
    local clock = sender.schedule.clock
    tracker:add(segment.frame, "gave_up", "ERROR", {
        unanswered = sender.unanswered,
        first_probe = sender.first_unanswered,
        last_probe = pending.frame,
        last_heard = receiver.last_frame,
        silence = clock and segment.time - clock or segment.time - pending.time,
    })
end

-- A kernel gives up one interval after its last probe, when the count is reached (tcp_keepalive_timer); an RST sooner
-- is the application's.
local function is_giving_up(tracker, conn, segment, sender, receiver)
    local pending = sender.pending
    if not pending or conn.first_fin or not receiver.seen then
        return false
    end
    if sender.unanswered + 1 < tracker.settings.probes then
        return false
    end
    local interval = sender.schedule:probe_interval() or tracker.settings.min_gap
    return segment.time - pending.time >= interval - tracker.settings.slack
end

--- The first RST of a connection that was open. Later ones, and the refusal of a SYN, say nothing new.
function close.note_reset(tracker, conn, segment, sender, receiver)
    if conn.reset or not conn.is_open then
        return
    end
    conn.reset = { frame = segment.frame, time = segment.time }
    take_back_half_close(receiver.open_writes)
    local cause, kind, harmless = post_fin_cause(sender, receiver)
    if cause then
        conn.reset.cause = cause
        conn.reset.record = tracker:add(segment.frame, "post_fin_reset", harmless and "NOTE" or "ERROR", {
            cause = cause.frame,
            cause_kind = kind,
            fin = sender.fin.frame,
            delay = segment.time - cause.time,
            after_fin = segment.time - sender.fin.time,
        })
        if kind == "write" then
            cause.record.data.reset_in = segment.frame
        end
        return
    end
    if is_giving_up(tracker, conn, segment, sender, receiver) then
        note_gave_up(tracker, segment, sender, receiver)
        return
    end
    local what, before = followed(sender, receiver)
    tracker:add(segment.frame, "reset", conn.first_fin and "NOTE" or "WARN", {
        by = sender.name,
        followed = what,
        cause = before and before.frame,
        delay = before and segment.time - before.time,
        data_idle = conn.last_data and segment.time - conn.last_data.time,
        packet_idle = conn.last_time and segment.time - conn.last_time,
    })
end

return close
