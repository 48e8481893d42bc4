-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Answers that come late: where a path holds packets back for longer than the interval (a full queue, RFC 8290 section 1), the next
-- probe is sent before the answer to the last one is there, and nothing is lost. Each probe draws one acknowledgment (RFC 9293
-- section 3.10.7.4), and they come in the order of the probes. So where a side that sends nothing but probes gets as many
-- acknowledgments of nothing new as it has sent probes, each of them was answered. One that is lost leaves fewer, for good. The
-- count holds as long as the capture lacks no probe: where one more was due before an acknowledgment, that may be the answer to it.
--
-- Writes the part `probing.open` of a side: the probes since all were answered, { pending, unanswered (the record that says so) },
-- with `answers`, what has come of them, { frame, time, ip_id }, and `lag`, the longest that one was under way.

local flags = require "keepalive_flags"
local log = require "keepalive_log"

local late = {}

-- TCP_KEEPCNT is at most 127 (MAX_TCP_KEEPCNT in include/net/tcp.h): a side with more open probes has lost some.
local MOST_OPEN = 127
-- A mirror port's second copy comes within this time (thresholds.py: COPY_NS). Where a host numbers its packets, a copy has the same
-- number, whenever it comes.
local COPY = 5000000

--- A probe was sent, whose record is in `pending`. What has not come for longer than any was under way will not come.
function late.note_probe(probing, pending)
    local open = probing.open
    if not open or #open >= MOST_OPEN or open.answers[1] and pending.time - open.answers[#open.answers].time >= open.lag then
        open = { answers = {}, lag = 0 }
        probing.open = open
    end
    open[#open + 1] = { pending = pending }
end

--- The last probe had no answer when the next one was sent: `record` says so.
function late.note_unanswered(probing, record)
    local open = probing.open
    if open then
        open[#open].unanswered = record
    end
end

-- Whether it acknowledges nothing new, and is not the answer before once more.
local function is_one_more(segment, answers)
    local last = answers[#answers]
    local is_numbered = segment.ip_id and segment.ip_id ~= 0
    local is_copy = last and segment.ip_id == last.ip_id and (is_numbered or segment.time - last.time < COPY)
    return flags.is_plain_ack(segment.flags) and not is_copy
end

-- All are answered: each by the acknowledgment of its place.
local function settle(tracker, open)
    for place, one in ipairs(open) do
        local answer, pending = open.answers[place], one.pending
        tracker.log:take_back_if(answer.frame, function(record)
            return record.id == "answer"
        end)
        tracker.log:add(answer.frame, "answer", "CHAT", { probe = pending.frame, delay = answer.time - pending.time })
        log.complete(pending.record, "answer", answer.frame)
        if one.unanswered then
            tracker.log:take_back(one.unanswered)
        end
    end
end

-- Whether a side had the time to send one more probe since its last one, or since it heard the peer.
local function may_have_sent_another(timing, time)
    local from, spacing = timing.last_probe and timing.last_probe.time, timing:probe_interval()
    if timing.answered then
        from, spacing = timing.clock, timing:idle_time()
    end
    return from and spacing and time >= from + spacing - timing:tolerance(spacing)
end

-- What comes of the probes of `prober` with a segment of its peer, before the peer's window is noted.
local function note_answer(tracker, segment, prober, is_answer)
    local open = prober.probing.open
    if not is_answer and (not open.answers[1] or segment.ack ~= prober.snd_una) then
        return
    end
    -- A peer that changes its window read something: that is an acknowledgment more. Where its window was not known, it is the same.
    local is_news = segment.window ~= prober.snd_wnd
    if is_answer and is_news or may_have_sent_another(prober.schedule, segment.time) then
        prober.probing.open = nil
        return
    elseif is_news or not is_one_more(segment, open.answers) then
        return
    end
    local place = #open.answers + 1
    open.answers[place] = { frame = segment.frame, time = segment.time, ip_id = segment.ip_id }
    open.lag = math.max(open.lag, segment.time - open[place].pending.time)
    if place == #open then
        if place > 1 then
            settle(tracker, open)
        end
        prober.probing.open = nil
    end
end

--- Takes a segment that is no probe, nor a copy of one, before the connection moves on by it. `is_answer`: the probe that is
-- pending got it for its answer. Whatever takes a number draws an acknowledgment as well, so that nothing is told by counting.
function late.note(tracker, segment, sender, receiver, is_answer)
    if segment.end_seq ~= segment.seq then
        for _, side in ipairs { sender, receiver } do
            if side.probing.open then
                side.probing.open = nil
            end
        end
    elseif receiver.probing.open then
        note_answer(tracker, segment, receiver, is_answer)
    end
end

return late
