-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Recognises keep-alive probes and their answers (RFC 1122 section 4.2.3.6, RFC 9293 section 3.8.4; Linux
-- tcp_xmit_probe_skb in net/ipv4/tcp_output.c: no data, SEG.SEQ = SND.UNA - 1). Keeps no state of its own:
-- it writes the part `probing` of the two sides (keepalive_side.lua).

local connection = require "keepalive_connection"
local flags = require "keepalive_flags"
local gap = require "keepalive_gap"
local hole = require "keepalive_hole"
local late = require "keepalive_late"
local log = require "keepalive_log"
local payload = require "keepalive_payload"
local seq = require "keepalive_seq"
local side_of = require "keepalive_side"

local probe = {}

-- A garbage byte was written by nobody, so no stack sets PSH on it; on a byte that was, all do (RFC 9293 section 3.9.1).
local function has_shape(segment)
    return segment.len <= 1 and flags.is_plain_ack(segment.flags)
        and not (segment.len == 1 and flags.has(segment.flags, "psh"))
end

-- Whether the segment acknowledges one beyond all that the prober was seen to send.
local function acknowledges_candidates(segment, prober)
    local first = prober.probing.candidates and prober.probing.candidates[1]
    return first and flags.has(segment.flags, "ack") and segment.ack == seq.add(first.seq, 1)
end

-- ... which proves its candidates to be probes, unless they carry a byte, which may be data, or the window is closed:
-- then they may be zero-window probes, which look the same on Linux.
local function proves_candidates(segment, prober)
    return acknowledges_candidates(segment, prober) and prober.probing.candidates[1].len == 0 and segment.window ~= 0
end

-- Whether the peer's latest was still on its way to the sender when this segment left: it does not acknowledge it.
local function crosses_peer(segment, receiver)
    return receiver.snd_nxt ~= nil and seq.after(receiver.snd_nxt, segment.ack)
end

-- A probe breaks a silence. Copies of a frame, late copies of old ones, and ACKs that answer something follow at once.
-- The peer's candidates break none when this very segment proves them to be probes: both sides probe at once.
local function breaks_silence(segment, sender, receiver, min_gap)
    local has_heard = not (proves_candidates(segment, receiver) or crosses_peer(segment, receiver))
    local heard = has_heard and sender.schedule.clock
    local latest = math.max(heard or -math.huge, sender.data_time or -math.huge, sender.probing.last_time or -math.huge)
    return segment.time - latest >= min_gap
end

--- Whether the segment is a keep-alive probe of `sender`, as far as the frames before it tell.
function probe.is_probe(segment, sender, receiver, min_gap)
    local snd_nxt, snd_una = sender.snd_nxt, sender.snd_una
    if not (snd_nxt and has_shape(segment) and segment.seq == seq.add(snd_nxt, -1)) then
        return false
    end
    local all_acknowledged = not receiver.seen or (snd_una and seq.covers(snd_una, snd_nxt))
    return all_acknowledged and sender.snd_wnd ~= 0 and breaks_silence(segment, sender, receiver, min_gap)
end

-- TCP_KEEPCNT is at most 127 (MAX_TCP_KEEPCNT in include/net/tcp.h): after so many a kernel has given up.
local MOST_CANDIDATES = 127

-- Whether the segment may be a probe of a connection that the capture shows from the middle of a silence only: what it
-- is will be told by the answer. Once the peer has acknowledged anything, the sender's next number is known.
local function is_candidate(segment, sender)
    local candidates = sender.probing.candidates
    local first = candidates and candidates[1]
    local is_like_first = first and first.seq == segment.seq and first.len == segment.len
    return not sender.snd_una and (not sender.snd_nxt or is_like_first) and has_shape(segment)
end

--- Keeps a segment that may be a probe until the answer tells (see confirm_candidates); its copies are not kept.
function probe.note_candidate(segment, sender, min_gap)
    if not is_candidate(segment, sender) then
        if sender.probing.candidates then
            sender.probing.candidates = nil
        end
        return
    end
    local probing = side_of.own(sender, "probing")
    local candidates = probing.candidates or {}
    probing.candidates = candidates
    local last = candidates[#candidates]
    if not last or (segment.time - last.time >= min_gap and #candidates < MOST_CANDIDATES) then
        candidates[#candidates + 1] =
            { frame = segment.frame, time = segment.time, seq = segment.seq, ack = segment.ack, len = segment.len }
    end
end

--- Whether a segment that breaks no silence is one more copy of the sender's last probe.
function probe.is_copy(segment, sender)
    return sender.probing.last_seq == segment.seq and has_shape(segment)
end

-- A capture that starts in the middle of a silence with a byte that was acknowledged: the same byte again, a silence
-- later, proves that the first one was a probe, too. Files it and its answer, as they would have been at their time.
local function note_byte_before(tracker, segment, sender, receiver)
    local byte = sender.probing.acknowledged_byte
    if not byte or byte.seq ~= segment.seq then
        return
    end
    sender.probing.acknowledged_byte = nil
    local timing, heard = sender.schedule, sender.schedule.clock
    timing:forget_clock()
    probe.note(tracker, byte, sender, receiver)
    probe.note_answer(tracker, byte.answer, sender)
    sender.probing.open = nil -- it has its answer: none that comes is late (keepalive_late.lua)
    timing:heard(byte.answer.time, true)
    if heard then
        timing:heard(heard, false)
    else
        timing:forget_clock() -- the peer's own probes were proved meanwhile, and tell their receiver nothing
    end
end

-- Whether the segment, a probe, echoes the timestamp of the answer to its sender's last probe, which that one did not (RFC 7323
-- section 4.3): then its sender has had the answer.
local function echoes_answer(segment, probing)
    local _, echo = nil, nil -- a candidate that was kept has none
    if segment.timestamps then
        _, echo = segment.timestamps()
    end
    local before = probing.last_echo
    probing.last_echo = echo
    return echo ~= nil and echo == probing.answer_value and echo ~= before
end

--- Files a probe: its record, what it says of the probe before, and the schedule. Returns nothing.
function probe.note(tracker, segment, sender, receiver)
    note_byte_before(tracker, segment, sender, receiver)
    local probing = side_of.own(sender, "probing")
    if probing.pending and receiver.seen then
        probe.note_unanswered(tracker, segment, sender)
    end
    local previous = sender.schedule.last_probe
    local crosses = crosses_peer(segment, receiver)
    local silence = not crosses and sender.schedule.clock and segment.time - sender.schedule.clock or nil
    if not receiver.probing.pending then
        sender.schedule:learn_peer(segment.time)
    end
    local number, since_last = sender.schedule:probe(segment.time, segment.frame, crosses, sender.follows_last,
        sender.odd_gaps ~= nil, echoes_answer(segment, probing))
    local record = tracker.log:add(segment.frame, "probe", "CHAT", {
        number = number,
        last_probe = previous and previous.frame,
        since_last = since_last,
        silence = silence,
        bytes = segment.len > 0 and segment.len or nil,
        idle_time = sender.schedule:idle_time(),
        interval = sender.schedule:probe_interval(),
        cadence = sender.schedule:probe_cadence(),
    })
    probing.pending = { time = segment.time, frame = segment.frame, seq = segment.seq, record = record, peer = receiver }
    late.note_probe(probing, probing.pending)
    probing.last_time, probing.last_seq = segment.time, segment.seq
    local fin = receiver.closing.fin
    if fin and not sender.closing.fin and fin.frame < segment.frame and seq.covers(segment.ack, fin.end_seq) then
        tracker.log:add(segment.frame, "post_fin_probe", "NOTE",
            { fin = fin.frame, after_fin = segment.time - fin.time })
        probing.pending.after_fin = true
    end
    if sender.schedule.longer_interval then
        sender.schedule.longer_interval = nil
        gap.take_back_odd(tracker, sender)
    end
    local changed = sender.schedule.changed
    if changed then
        sender.schedule.changed = nil
        gap.note_changed(tracker, segment.frame, sender, changed)
    end
    probe.note_second_thought(tracker, sender)
end

--- The probe that is pending got no answer: says so on this frame. One may be lost (RFC 1122), two are a warning.
function probe.note_unanswered(tracker, segment, sender)
    local probing = sender.probing
    local pending = probing.pending
    probing.unanswered = probing.unanswered + 1
    probing.first_unanswered = probing.first_unanswered or pending.frame
    late.note_unanswered(probing, tracker.log:add(segment.frame, "unanswered", probing.unanswered > 1 and "WARN" or "NOTE", {
        probe = pending.frame,
        in_a_row = probing.unanswered,
        waited = segment.time - pending.time,
    }))
end

function probe.note_second_thought(tracker, sender)
    local judged = sender.schedule:second_thought()
    if not judged or hole.covers(tracker, sender, judged) then
        return
    end
    gap.judge_again(tracker, judged.probe.frame, sender, judged)
end

-- Whether the segment was on its way when the probe was: it came sooner than a host at that distance can answer, and
-- carries something, which no kernel's answer to a probe does.
local function crosses_probe(segment, pending)
    return segment.end_seq ~= segment.seq and payload.beats_round_trip(pending.peer, segment.time - pending.time)
end

--- The peer's first segment that covers the pending probe, whatever its window, with data or without, is its answer.
-- The peer's own probe is not, nor a copy of it: it was sent without having seen ours.
function probe.note_answer(tracker, segment, prober)
    local probing = prober.probing
    local pending = probing.pending
    if not pending or not flags.has(segment.flags, "ack")
        or not seq.covers(segment.ack, seq.add(pending.seq, 1)) then
        return false
    end
    if probe.is_copy(segment, pending.peer) or crosses_probe(segment, pending) then
        return false
    end
    tracker.log:add(segment.frame, "answer", "CHAT", { probe = pending.frame, delay = segment.time - pending.time })
    log.complete(pending.record, "answer", segment.frame)
    payload.note_round_trip(pending.peer, segment.time - pending.time)
    probing.pending, probing.unanswered, probing.first_unanswered = nil, 0, nil
    probing.answer_value = segment.timestamps and segment.timestamps()
    return true
end

--- What the segment says of the candidates of a side that sent nothing else so far: an acknowledgment one beyond them
-- proves them to be probes, written back. Probes are no sign of life, so the receiver then has heard nothing yet.
function probe.confirm_candidates(tracker, segment, prober, receiver)
    local probing = prober.probing
    local candidates = probing.candidates
    local first = candidates and candidates[1]
    if not acknowledges_candidates(segment, prober) then
        if first and flags.has(segment.flags, "ack") and seq.covers(first.seq, segment.ack) then
            -- A probe's number was acknowledged before, and acknowledgments do not go back.
            probing.candidates = nil
        end
        return
    end
    local are_probes = proves_candidates(segment, prober)
    probing.candidates = nil
    if not are_probes then
        if first.len == 1 and segment.window ~= 0 then
            first.answer = { frame = segment.frame, time = segment.time, seq = segment.seq, ack = segment.ack,
                len = segment.len, flags = segment.flags }
            probing.acknowledged_byte = first
        end
        return
    end
    connection.begin_from_answer(prober, receiver, segment.ack)
    for _, candidate in ipairs(candidates) do
        if breaks_silence(candidate, prober, receiver, tracker.settings.min_gap) then
            probe.note(tracker, candidate, prober, receiver)
            receiver.schedule:peer_probed(candidate.time)
        end
    end
end

--- The probe that is pending will get no answer that counts.
function probe.forget_pending(side)
    if side.probing.pending then
        side.probing.pending = nil
    end
end

return probe
