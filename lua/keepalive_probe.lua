-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Recognises keep-alive probes and their answers (RFC 1122 section 4.2.3.6, RFC 9293 section 3.8.4; Linux
-- tcp_xmit_probe_skb in net/ipv4/tcp_output.c: no data, SEG.SEQ = SND.UNA - 1). Keeps no state of its own:
-- it reads and writes the two sides that keepalive_tracker.lua owns.

local flags = require "keepalive_flags"
local seq = require "keepalive_seq"

local probe = {}

local function has_shape(segment)
    return segment.len <= 1 and flags.is_plain_ack(segment.flags)
end

-- A probe breaks a silence. Copies of a frame, late copies of old ones, and ACKs that answer something follow at once.
local function breaks_silence(segment, sender, min_gap)
    local latest = math.max(sender.schedule.clock or -math.huge, sender.data_time or -math.huge,
        sender.probe_time or -math.huge)
    return segment.time - latest >= min_gap
end

--- Whether the segment is a keep-alive probe of `sender`, as far as the frames before it tell.
function probe.is_probe(segment, sender, receiver, min_gap)
    if not (sender.nxt and has_shape(segment) and segment.seq == seq.add(sender.nxt, -1)) then
        return false
    end
    local all_acknowledged = not receiver.seen or (receiver.acked and seq.covers(receiver.acked, sender.nxt))
    return all_acknowledged and receiver.window ~= 0 and breaks_silence(segment, sender, min_gap)
end

--- Whether the segment may be a probe of a connection that the capture shows from the middle of a silence only:
-- what it is will be told by the answer.
function probe.is_candidate(segment, sender)
    local first = sender.candidates and sender.candidates[1]
    local nothing_else = not sender.nxt or (first and first.seq == segment.seq)
    return nothing_else and has_shape(segment)
end

--- Files a probe: its record, what it says of the probe before, and the schedule. Returns nothing.
function probe.note(tracker, segment, sender, receiver)
    local pending = sender.pending
    if pending and receiver.seen then
        probe.note_unanswered(tracker, segment, sender)
    end
    local previous = sender.schedule.last_probe
    local silence = sender.schedule.clock and segment.time - sender.schedule.clock
    local number, since_last = sender.schedule:probe(segment.time, segment.frame)
    local record = tracker:add(segment.frame, "probe", "CHAT", {
        number = number,
        last_probe = previous and previous.frame,
        since_last = since_last,
        silence = silence,
        bytes = segment.len > 0 and segment.len or nil,
        idle_time = sender.schedule:idle_time(),
        interval = sender.schedule:probe_interval(),
        cadence = sender.schedule:probe_cadence(),
    })
    sender.pending = { time = segment.time, frame = segment.frame, seq = segment.seq, ack = segment.ack,
        record = record }
    sender.probe_time = segment.time
    local fin = receiver.fin
    if fin and not sender.fin and seq.covers(segment.ack, fin.end_seq) then
        tracker:add(segment.frame, "post_fin_probe", "NOTE",
            { fin = fin.frame, after_fin = segment.time - fin.time })
        sender.pending.after_fin = true
    end
    probe.note_second_thought(tracker, sender)
end

--- The probe that is pending got no answer: says so on this frame. One may be lost (RFC 1122), two are a warning.
function probe.note_unanswered(tracker, segment, sender)
    local pending = sender.pending
    sender.unanswered = sender.unanswered + 1
    sender.first_unanswered = sender.first_unanswered or pending.frame
    tracker:add(segment.frame, "unanswered", sender.unanswered > 1 and "WARN" or "NOTE", {
        probe = pending.frame,
        in_a_row = sender.unanswered,
        waited = segment.time - pending.time,
    })
end

function probe.note_second_thought(tracker, sender)
    local judged = sender.schedule:second_thought()
    if not judged then
        return
    end
    tracker:add_gap(judged.probe.frame, sender, judged, judged.before, "probe", judged.probe.time)
end

--- The peer's first segment that covers the pending probe, whatever its window, with data or without, is its answer.
-- The peer's own probe is not: it was sent without having seen ours.
function probe.note_answer(tracker, segment, prober)
    local pending = prober.pending
    if not pending or not flags.has(segment.flags, "ack")
        or not seq.covers(segment.ack, seq.add(pending.seq, 1)) then
        return false
    end
    tracker:add(segment.frame, "answer", "CHAT", { probe = pending.frame, delay = segment.time - pending.time })
    pending.record.data.answer = segment.frame
    prober.pending, prober.unanswered, prober.first_unanswered = nil, 0, nil
    return true
end

--- An acknowledgment one beyond all that a side was seen to send proves its candidates to be probes, written back.
function probe.confirm_candidates(tracker, segment, prober, receiver)
    local first = prober.candidates and prober.candidates[1]
    if not first then
        return
    end
    local proven = first.len == 0 and flags.has(segment.flags, "ack") and segment.ack == seq.add(first.seq, 1)
    if not proven then
        return
    end
    local candidates = prober.candidates
    prober.candidates = nil
    prober.nxt, receiver.seen = segment.ack, true
    for _, candidate in ipairs(candidates) do
        probe.note(tracker, candidate, prober, receiver)
    end
end

return probe
