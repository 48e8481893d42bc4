-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- RST (RFC 9293 sections 3.5.2, 3.5.3 and 3.10.7): which one ends a connection, what it answers, and whether the
-- connection went on all the same. Keeps no state of its own: it writes `reset` of the connection.

local close = require "keepalive_close"
local connection = require "keepalive_connection"
local flags = require "keepalive_flags"
local log = require "keepalive_log"
local payload = require "keepalive_payload"
local probe = require "keepalive_probe"
local repeats = require "keepalive_repeats"
local seq = require "keepalive_seq"
local state = require "keepalive_state"

local reset = {}

-- The largest window scale is 14 (RFC 7323 section 2.3). The capture may not show the one in use.
local LARGEST_SCALE = 16384

-- What was on its way when the RST was sent is captured within this time of it, even where the path is slow.
local ON_ITS_WAY = 1000000000

-- So many frames with findings are put aside after an RST until the connection is known to go on; with more, it does not.
local MOST_ASIDE = 100

-- What says that the connection ended with the RST.
local SAYS_ENDED = {
    reset = true, gave_up = true, post_fin_reset = true, retransmission_timeout = true, closed_before_due = true,
}

-- Whether the number of an RST lies in the receive window (RFC 9293 section 3.5.3). What the receiver acknowledged lies
-- before that, except that Linux takes the number before a FIN, too, since some stacks do not count theirs
-- (tcp_reset_check() in net/ipv4/tcp_input.c).
local function is_in_window(segment, sender)
    local expected = sender.snd_una
    if not expected then
        return true
    end
    local lowest = (sender.closing.fin or sender.hole_end == expected) and seq.add(expected, -1) or expected
    -- What was acknowledged was sent: SND.NXT is known, and not before it.
    local highest = seq.add(sender.snd_nxt, sender.snd_wnd * LARGEST_SCALE)
    return seq.covers(segment.seq, lowest) and seq.covers(highest, segment.seq)
end

--- Whether the receiver takes notice of the segment: an RST when it lies in its window, anything else but a SYN when it
-- acknowledges something (RFC 9293 section 3.10.7.4, fifth check; port scans do without).
function reset.is_taken(segment, sender)
    if flags.has(segment.flags, "rst") then
        return is_in_window(segment, sender)
    end
    return flags.has(segment.flags, "ack") or flags.has(segment.flags, "syn")
end

-- A host without such a connection takes the sequence number of its RST from the segment that it answers, and does not
-- set ACK (RFC 9293 section 3.10.7.1): with the number before its FIN it answers what had crossed the FIN.
local function answers_what_crossed(segment, fin)
    return not flags.has(segment.flags, "ack") and not seq.covers(segment.seq, fin.end_seq)
end

-- What the RST of a side that has sent its FIN answers: the oldest write the peer had open, else its pending probe.
local function post_fin_cause(segment, sender, receiver)
    local fin = sender.closing.fin
    if not fin or answers_what_crossed(segment, fin) then
        return nil
    end
    local write = receiver.closing.open_writes and receiver.closing.open_writes[1]
    if write then
        return write, "write", write.record.level == "NOTE"
    end
    local pending = receiver.probing.pending
    if pending and pending.after_fin then
        return pending, "probe", receiver.closing.fin ~= nil
    end
    return nil
end

-- Whether the side acknowledged a number of the receiver before, or does so with this RST: then it has what lies before
-- it, and an RST is no answer to that.
local function has_acknowledged(segment, receiver, number)
    return (receiver.snd_una and seq.covers(receiver.snd_una, number))
        or (flags.has(segment.flags, "ack") and seq.covers(segment.ack, number))
end

-- Whether the peer sent payload that this side did not acknowledge.
local function has_unacknowledged_data(segment, receiver)
    if not receiver.last_sent then
        return false
    end
    local fin = receiver.closing.fin
    return not has_acknowledged(segment, receiver, fin and seq.add(fin.end_seq, -1) or receiver.snd_nxt)
end

-- What an RST followed: the peer's pending probe, its data or its FIN that this side had not acknowledged, the side's own
-- data that it sent again without an answer, an ACK that a host without such a connection answers at once, or nothing, which is
-- not known where the capture has nothing of the peer. Returns
-- the token, the segment, and the silence before that: what came last (nil: the capture shows nothing), and when it ended.
local function followed(conn, segment, sender, receiver)
    local fin, pending = receiver.closing.fin, receiver.probing.pending
    local own_data = repeats.unanswered(sender, receiver) and repeats.first_of(sender)
    if pending then
        return "probe", pending, pending.before, pending.time
    elseif has_unacknowledged_data(segment, receiver) then
        return "data", receiver.last_sent, payload.before_outstanding(receiver)
    elseif fin and not has_acknowledged(segment, receiver, fin.end_seq) then
        return "fin", fin, fin.before, fin.time
    elseif own_data then
        return "own_data", own_data, payload.before_outstanding(sender)
    elseif not flags.has(segment.flags, "ack") and receiver.seen and receiver.last_frame == conn.last_frame
        and segment.seq == sender.snd_una and segment.time - conn.last_time <= ON_ITS_WAY then
        local ack = { frame = conn.last_frame, time = conn.last_time }
        return "ack", ack, { frame = conn.frame_before, time = conn.time_before, from = "segment" }, ack.time
    end
    return receiver.seen and "nothing" or "not_captured", nil
end

local function note_gave_up(tracker, conn, segment, sender, receiver)
    local probing = sender.probing
    local pending = probing.pending
    probe.note_unanswered(tracker, segment, sender)
    local clock = sender.schedule.clock
    tracker.log:add(segment.frame, "gave_up", "ERROR", {
        unanswered = probing.unanswered,
        first_probe = probing.first_unanswered,
        last_probe = pending.frame,
        last_heard = receiver.last_frame,
        silence = clock and segment.time - clock or segment.time - pending.time,
        data_idle = conn.last_data and segment.time - conn.last_data.time,
    })
end

-- A kernel gives up one interval after its last probe, when the count is reached (tcp_keepalive_timer); an RST sooner
-- is the application's.
local function is_giving_up(tracker, conn, segment, sender, receiver)
    local pending = sender.probing.pending
    if not pending or conn.first_fin or not receiver.seen then
        return false
    end
    if sender.probing.unanswered + 1 < tracker.settings.probes then
        return false
    end
    local interval = sender.schedule:probe_interval() or tracker.settings.min_gap
    return segment.time - pending.time >= interval - tracker.settings.slack
end

-- Port scans and health checks open a connection only to see that it opens: nothing is sent, and the opener resets it.
local function was_opened_only(conn, segment, sender)
    return conn.initial_seq and segment.source == conn.source and not conn.last_data and not conn.first_fin
        and sender.snd_nxt == seq.add(conn.initial_seq, 1) and segment.time - conn.last_time <= ON_ITS_WAY
end

-- A lone ACK and the RST it drew do not show that there was a connection; it may be a scan.
local function is_known(conn, sender)
    return conn.initial_seq or conn.last_data or sender.seen
end

local function note_post_fin_reset(tracker, conn, segment, sender, cause, kind, harmless)
    local fin = sender.closing.fin
    conn.reset.cause = cause
    conn.reset.record = tracker.log:add(segment.frame, "post_fin_reset", harmless and "NOTE" or "ERROR", {
        cause = cause.frame,
        cause_kind = kind,
        fin = fin.frame,
        delay = segment.time - cause.time,
        after_fin = segment.time - fin.time,
    })
    if kind == "write" then
        log.complete(cause.record, "reset_in", segment.frame)
    end
end

-- Whether somebody lost something by an RST in answer to nothing: bytes or a probe without an answer, or the answer that
-- the opener waited for. With all of it acknowledged, and after an answer, nobody did. `before` is what was said last,
-- without a farewell; a connection without payload was of no use to its opener.
local function has_cost(conn, segment, sender, before, farewell)
    -- The RST's own number shows bytes that the capture lacks.
    local is_open = sender.snd_una and (seq.after(sender.snd_nxt, sender.snd_una) or seq.after(segment.seq, sender.snd_una))
    if (is_open and not farewell) or sender.probing.pending or (conn.opened and not before) then
        return true
    end
    return before and before.by == connection.opener(conn) and not before.is_alert
end

-- A request that crossed the close of the other side, and was lost. An answer that did so was one that nobody waited for.
local function has_lost_request(conn, what, writer)
    return what == "data" and writer == connection.opener(conn) and not writer.closing.fin
        and writer.last_data and not writer.last_data.is_alert
end

local function note_timeout(tracker, segment, sender, receiver)
    local data, level = repeats.timeout(sender, receiver, "rst", segment.time)
    if data then
        tracker.log:add(segment.frame, "retransmission_timeout", level, data)
    end
end

-- When the first segment was sent that the RST may answer: a host without the connection answers each, so the last one may have
-- come too late to be it. Those are the first payload that is open, and the segment right before, when it is the receiver's.
local function first_cause_time(conn, segment, cause, sender, receiver)
    local first, out = cause.time, receiver.outstanding
    if out and out.frame and out.time < first then
        first = out.time
    end
    local before = conn.time_before
    if before and before < first and segment.time - before <= ON_ITS_WAY and conn.frame_before ~= sender.last_frame then
        first = before
    end
    return first
end

local function note_other_reset(tracker, conn, segment, sender, receiver)
    local what, cause, before, silent_until = followed(conn, segment, sender, receiver)
    local has_broken, farewell = true, nil
    if not cause then
        before, farewell = payload.before_close(segment, sender, receiver)
        has_broken, silent_until = has_cost(conn, segment, sender, before, farewell), segment.time
    end
    local delay = cause and segment.time - cause.time
    local is_answer = cause and what ~= "own_data"
    local data = {
        by = sender.name,
        followed = what,
        cause = cause and cause.frame,
        fin = conn.first_fin and conn.first_fin.frame,
        delay = delay,
        too_soon = is_answer
            and payload.beats_round_trip(sender, segment.time - first_cause_time(conn, segment, cause, sender, receiver)) or nil,
        data_idle = conn.last_data and segment.time - conn.last_data.time,
        packet_idle = conn.last_time and segment.time - conn.last_time,
    }
    payload.add_silence(data, conn, silent_until, before, farewell)
    local is_warning = is_known(conn, sender) and has_broken and (not conn.first_fin or has_lost_request(conn, what, receiver))
    conn.reset.record = tracker.log:add(segment.frame, "reset", is_warning and "WARN" or "NOTE", data)
    note_timeout(tracker, segment, sender, receiver)
end

-- What was sent when the RST, or the sender's next RST, came: only bytes beyond that can show that both sides live.
local function note_numbers(last, segment, sender, receiver)
    last.time, last.seq, last.expected, last.peer_nxt = segment.time, segment.seq, sender.snd_una, receiver.snd_nxt
    local sent = sender.snd_nxt and seq.after(sender.snd_nxt, segment.seq) and sender.snd_nxt or segment.seq
    -- A host without the connection takes its RST's number from the segment that it answers: that may be an older one.
    last.sent = last.sent and seq.after(last.sent, sent) and last.sent or sent
    -- An RST with the number after all that its sender sent is the next one expected as soon as those bytes have arrived.
    last.is_next = segment.seq == sender.snd_nxt
    last.sender_lives, last.peer_lives = false, false
end

--- The RST that ends an open connection. An RST that refuses a SYN, or comes after a completed close, says nothing.
function reset.note(tracker, conn, segment, sender, receiver)
    if not conn.is_open or close.is_complete(conn) then
        return
    end
    conn.reset = {
        frame = segment.frame,
        by = sender,
        states = state.both(sender, receiver),
        aside = {},
        count_aside = 0,
    }
    note_numbers(conn.reset, segment, sender, receiver)
    if was_opened_only(conn, segment, sender) then
        return
    end
    close.take_back_half_close(receiver)
    local cause, kind, harmless = post_fin_cause(segment, sender, receiver)
    if cause then
        note_post_fin_reset(tracker, conn, segment, sender, cause, kind, harmless)
    elseif is_giving_up(tracker, conn, segment, sender, receiver) then
        note_gave_up(tracker, conn, segment, sender, receiver)
    else
        note_other_reset(tracker, conn, segment, sender, receiver)
    end
    -- What comes after an RST answers no probe before it.
    probe.forget_pending(sender)
    probe.forget_pending(receiver)
end

-- The answer of RFC 5961 section 3.2 to an RST whose number lies in the window but is not the next one expected.
local function is_challenge(segment, last)
    return last.expected and not last.is_next and seq.after(last.seq, last.expected) and segment.len == 0
        and flags.is_plain_ack(segment.flags) and segment.seq == last.peer_nxt and segment.ack == last.expected
end

-- Whether the segment, which is no RST, proves that the connection goes on: then both sides are alive. The RST's sender
-- is when it acknowledges what was sent after the RST, the other side when it acknowledges what the RST's sender sent
-- after it, or challenges the RST; either is, when it speaks long after it.
local function proves_life(segment, sender, last)
    local is_late = segment.time - last.time > ON_ITS_WAY
    if sender == last.by then
        last.sender_lives = last.sender_lives or is_late
            or (last.peer_nxt and seq.after(segment.ack, last.peer_nxt))
    else
        if seq.after(segment.ack, last.sent) or is_challenge(segment, last) then
            return true
        end
        last.peer_lives = last.peer_lives or is_late or last.sender_lives
    end
    return last.sender_lives and last.peer_lives
end

-- A FIN that was on its way when the RST was sent: both sides were closing.
local function note_crossing_fin(segment, sender, last)
    if sender ~= last.by and flags.has(segment.flags, "fin") and segment.time - last.time <= ON_ITS_WAY
        and last.record and last.record.id == "reset" then
        log.set_level(last.record, "NOTE")
    end
end

--- A segment after the RST. Returns whether it is to be judged as if the connection went on. Its findings are put aside
-- until that is proven (see reset.note_judged).
function reset.may_go_on(conn, segment, sender, receiver)
    local last = conn.reset
    if not flags.has(segment.flags, "rst") then
        note_crossing_fin(segment, sender, last)
        return last.aside ~= nil
    end
    if sender == last.by then
        note_numbers(last, segment, sender, receiver)
    else
        last.time, last.sender_lives, last.peer_lives = segment.time, false, false
    end
    return false
end

-- The RST ended nothing: what was said of it is taken back, and what was put aside since is said.
local function revive(tracker, conn, sender, receiver)
    local last = conn.reset
    conn.reset, conn.is_to_be_forgotten = nil, nil
    tracker.log:take_back_if(last.frame, function(record) return SAYS_ENDED[record.id] end)
    if last.cause and last.cause.record.data.reset_in == last.frame then
        log.complete(last.cause.record, "reset_in", nil)
    end
    local by, peer = last.by, last.by == sender and receiver or sender
    state.put_back(last.states, by, peer)
    tracker.log:say(last.aside)
end

--- After the judging of a segment for which reset.may_go_on() was true.
function reset.note_judged(tracker, conn, segment, sender, receiver)
    local last = conn.reset
    if proves_life(segment, sender, last) then
        revive(tracker, conn, sender, receiver)
    elseif last.aside[segment.frame] then
        last.count_aside = last.count_aside + 1
        if last.count_aside > MOST_ASIDE then
            last.aside = nil
        end
    end
end

return reset
