-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- When one side's next keep-alive probe is due, and whether it was late or missed: schedule.may_be_due says whether the
-- connection lets a probe be due at all, schedule:judge whether one was due at a time and did not come.
-- Rules: Linux tcp_keepalive_timer() in net/ipv4/tcp_timer.c and keepalive_time_elapsed() in include/net/tcp.h.
-- All times and durations are integer nanoseconds; times count from the first frame of the capture.

local cadence = require "keepalive_cadence"
local repeats = require "keepalive_repeats"
local seq = require "keepalive_seq"

local schedule = {}
schedule.__index = schedule

-- What a side that never probed has learned. Most sides never do, so they share it.
local NOTHING_LEARNED = cadence.new()

-- As long as the capture shows nothing that the side answered, as where all its frames are probes, the way to it and back may be
-- that long: a satellite's.
local LONGEST_WAY = 1000000000

-- What a schedule is before its first probe. Most sides never probe: what they do not change lies here once.
schedule.clock = nil            -- when this side last received a segment that resets its idle clock
schedule.last_probe = nil       -- { time, frame, number } of the last probe in this silence; number counts from 1
schedule.rearmed = nil          -- of last_probe: something else than the answer to it was received since
schedule.round_trip = LONGEST_WAY -- between the point of capture and this side, as the handshake showed it, or what it answered
schedule.answered = false
schedule.answer_took = nil      -- shortest time from a probe to its answer
schedule.opening_took = nil     -- time from this side's SYN or SYN-ACK to the answer, as long as no probe was answered
schedule.was_late = nil         -- of the answer to last_probe: it took much longer than others, the first one than the handshake
schedule.has_probed = false
schedule.latest = nil           -- time of the last probe in any silence
schedule.shortest = nil         -- shortest time between two probes: the interval is not longer
schedule.peer_probe = nil       -- time of the peer's last probe
schedule.after_peer = nil       -- shortest time from a probe of the peer, the last that was received, to a probe
schedule.idle = nil             -- shortest time seen from the clock to a first probe
schedule.cadence = NOTHING_LEARNED
schedule.interval = NOTHING_LEARNED
schedule.changed = nil          -- { before, after }: a new setting that the last probe showed; whoever reads it takes it away
schedule.odd_idle = nil         -- a first gap that was longer than the idle time
schedule.long_gap = nil         -- the gap behind an unanswered probe that was longer than the cadence
schedule.longer_interval = nil  -- the last probe showed that such gaps are the interval; whoever reads it takes it away
schedule.doubtful = nil         -- the gap before the cadence was known to be shorter

--- `settings`: idle, interval (ns; 0 = learn from the capture) and slack (ns, the tolerance on top of
-- timer rounding).
function schedule.new(settings)
    return setmetatable({ settings = settings }, schedule)
end

--- The idle time: configured, else learned, else nil. Answered probes come every max(idle, interval), so the setting is not longer
-- than their spacing either: the timer that taught the idle time may have been rounded by more.
function schedule:idle_time()
    if self.settings.idle > 0 then
        return self.settings.idle
    end
    return self.idle and math.min(self.idle, self.cadence.value or math.huge)
end

--- The spacing of unanswered probes (TCP_KEEPINTVL): configured, else learned, else nil.
function schedule:probe_interval()
    return self.settings.interval > 0 and self.settings.interval or self.interval.value
end

-- The cadence that the capture has taught; nil when there is none, or when it contradicts the settings: then the gaps
-- that taught it were too long.
local function learned_cadence(self)
    local idle, interval, learned = self.settings.idle, self.settings.interval, self.cadence.value
    local contradicts = learned and idle > 0 and interval > 0 and not cadence.agree(learned, math.max(idle, interval))
    return not contradicts and learned or nil
end

--- The spacing of answered probes, max(idle, interval) and rounding: learned, else configured, else nil.
function schedule:probe_cadence()
    local idle, interval = self.settings.idle, self.settings.interval
    return learned_cadence(self) or (idle > 0 and interval > 0 and math.max(idle, interval)) or nil
end

--- A segment was received that resets the idle clock. A segment within the tolerance after an answer (a copy of it, a
-- window update) starts no new silence.
function schedule:heard(time, is_answer)
    local follows_answer = self.answered and time - self.clock <= self.settings.slack
    self.clock = time
    if is_answer then
        local took = self.last_probe and not self.answered and time - self.last_probe.time
        if took then
            local usual = self.answer_took or self.opening_took
            self.was_late = usual ~= nil and took > usual + self.settings.slack
            self.answer_took = math.min(self.answer_took or took, took)
        end
        self.answered = true
    elseif not follows_answer then
        self.rearmed = true
    end
end

--- What was heard before does not count.
function schedule:forget_clock()
    self.clock = nil
end

--- The peer sent a probe: Linux does not take it for a sign of life, BSD does (tcp_input.c of either).
function schedule:peer_probed(time)
    self.peer_probe = time
end

--- Payload, SYN or FIN went by in either direction: this silence is over.
function schedule:silence_over()
    if not self.has_probed then
        return
    end
    self.last_probe, self.answered = nil, false
end

--- The capture's clock was set: nothing is due until the next probe starts the count anew; what was learned stays.
function schedule:forget_times()
    self.clock, self.last_probe, self.latest, self.peer_probe, self.doubtful, self.lone_probe = nil, nil, nil, nil, nil, nil
    self.answered = false
end

-- Whether the answer to the last probe was so much slower than others that the idle time after it is over later than the timer
-- that the probe set: the kernel then waits for the rest (tcp_keepalive_timer: keepalive_time - elapsed).
local function was_answered_late(self)
    return self.answered and self.clock ~= nil and self.was_late
end

-- How long a probe of the peer puts the next one off, when the side restarts its idle timer by it, as BSD does: by its idle
-- time, which is not longer than `spacing`. Nor is it longer than the time from a probe of the peer to one of the side: a side
-- that probed so soon has that idle time, or takes no notice of the peer's probes, as Linux does.
function schedule:put_off(spacing)
    local after_peer = self.after_peer
    return after_peer and spacing and math.min(spacing, after_peer) or spacing or after_peer
end

-- Whether the peer's last probe came after the side's, or so shortly before that the two may have crossed.
local function is_behind_last(self)
    return self.peer_probe ~= nil and self.peer_probe > self.last_probe.time - self.settings.min_gap
end

-- What probes have taught a schedule.
local LEARNED = { "idle", "odd_idle", "long_gap", "cadence", "interval", "doubtful", "lone_probe", "shortest", "after_peer" }

--- What the capture has taught so far, for put_back().
function schedule:remember()
    local learned = {}
    for _, name in ipairs(LEARNED) do
        learned[name] = self[name]
    end
    learned.cadence, learned.interval = self.cadence:copy(), self.interval:copy()
    return learned
end

--- Unlearns what the capture has taught since.
function schedule:put_back(learned)
    for _, name in ipairs(LEARNED) do
        self[name] = learned[name]
    end
end

--- When the next probe is due, until when it is on time, and the spacing that says so; nil when it cannot be told.
-- First probe of a silence: idle clock + idle, but an interval after the last probe before it at the soonest, since what
-- is received does not move the timer. After an answered probe: that probe + cadence, or, as long as none is learned and where
-- the answer took much longer than others, the answer + idle, which is later by the round trip. After an unanswered one: that
-- probe + interval (which on Linux the cadence is never shorter than). Each timer is rounded by its own length.
function schedule:next_due()
    if not self.has_probed then
        return nil
    end
    local from, spacing, interval, by_peer, is_put_off
    local is_timed_by_probe = self.last_probe and not self.rearmed and not was_answered_late(self)
    if is_timed_by_probe and (not self.answered or learned_cadence(self)) then
        from, interval = self.last_probe.time, 0
        spacing = not self.answered and self:probe_interval() or self:probe_cadence()
        is_put_off, by_peer = is_behind_last(self), self:put_off(self:probe_cadence())
    else
        from = self.clock
        spacing = self:idle_time() or self:probe_cadence()
        interval = self:interval_of_last_probe()
        is_put_off, by_peer = self.peer_probe ~= nil, self:put_off(spacing)
    end
    if not (from and spacing and interval and self.latest) or (is_put_off and not by_peer) then
        return nil
    end
    -- Captured at the other end, what resets the clock is still on its way to the prober, and the probe on its way back.
    local on_the_way = from == self.clock and self.round_trip or 0
    local due, limit = from + spacing, from + spacing + self:tolerance(spacing) + on_the_way
    if is_put_off then
        local put_off = self.peer_probe + by_peer
        due, limit = math.max(due, put_off), math.max(limit, put_off + self:tolerance(by_peer) + self.round_trip)
        spacing = math.max(spacing, by_peer)
    end
    local by_timer = self.latest + interval
    return math.max(due, by_timer), math.max(limit, by_timer + self:tolerance(interval)), spacing
end

-- Upper bound of the timer that the last probe set; nil while the capture does not tell the interval.
function schedule:interval_of_last_probe()
    return self.settings.interval > 0 and self.settings.interval or self.shortest
end

--- How long after `due` a probe of this spacing still comes on time, in ns.
function schedule:tolerance(spacing)
    return cadence.rounding(spacing) + self.settings.slack
end

local function judgement(kind, intervals, due, limit, time, spacing, step)
    return {
        kind = kind, intervals = intervals, due = due, limit = limit, overdue = time - due, interval = spacing,
        spacing = spacing, step = step,
    }
end

--- Whether a probe of `side` may be due. None is due while data is in flight or the peer's window is closed
-- (tcp_keepalive_timer: packets_out), as far as the side knows, after the side's own FIN, or when the capture does not show what
-- the side receives.
function schedule.may_be_due(side, peer)
    return not side.closing.fin and not repeats.lacks_acknowledgment(side) and peer.seen and side.snd_una and side.snd_nxt
        and seq.covers(side.snd_una, side.snd_nxt) and side.snd_wnd ~= 0
end

--- Decides "missed" and "late" at `time`, when the next frame of the connection (or the capture's end) is seen; only
-- while a probe may be due. Returns nil while all is well, else { kind, intervals, due, overdue, interval }. With `told_until`
-- nothing is due before that time: it was told already. The unseen probe before it set the timer for an interval.
function schedule:judge(time, is_probe, told_until)
    local due, limit, spacing = self:next_due()
    if not due then
        return nil
    end
    if told_until and due < told_until then
        local by_timer = told_until + self:tolerance(self:probe_interval() or spacing)
        due, limit = told_until, math.max(limit + told_until - due, by_timer)
    end
    return self:judge_against(due, limit, spacing, time, is_probe)
end

function schedule:judge_against(due, limit, spacing, time, is_probe)
    if time <= limit then
        return nil
    end
    -- The first missed probe never left and got no answer: the kernel waits an interval for each one after it.
    local step = self:probe_interval() or spacing
    if not is_probe then
        return judgement("missed", 1 + math.floor((time - limit) / step), due, limit, time, spacing, step)
    end
    -- The probe that ends the gap stands for its own interval: only whole intervals before it were missed.
    local intervals = math.floor((time - due + self.settings.slack) / step)
    return judgement(intervals < 1 and "late" or "missed", intervals, due, limit, time, spacing, step)
end

--- What a probe at `time` tells that follows one of the peer's which this side has answered, with nothing received in between. Two
-- probes close together tell nothing: they may have crossed on the way.
function schedule:learn_peer(time)
    local peer_probe = self.peer_probe
    if not peer_probe or peer_probe <= (self.clock or -math.huge) or peer_probe <= (self.latest or -math.huge) then
        return
    end
    local gap = time - peer_probe
    if gap >= self.settings.min_gap then
        self.after_peer = math.min(self.after_peer or gap, gap)
    end
end

-- A lone first gap that is longer than the gaps after it was no cadence: a probe was late or missed.
function schedule:learn_answered(gap, probe, has_heard)
    local known = self.cadence.value
    self.long_gap = nil
    -- What the peer's probes put off was too long a gap, and no shorter setting follows it.
    local is_heard = has_heard and not self.peer_probe
    local usual = known or self:idle_time()
    if usual and cadence.agree(gap, usual) then
        self.odd_idle = nil -- a longer idle time before it was no new setting
    end
    -- The idle time, seen apart from it, bears the cadence out (idle >= interval, as nearly everywhere).
    local verdict = self.cadence:learn(gap, known and self.idle and cadence.agree(self.idle, known), is_heard)
    if verdict == "replaced" then
        self.doubtful = self.lone_probe
    elseif verdict == "changed" then
        -- What was learned beside it is of the old setting.
        self.doubtful, self.idle, self.interval = nil, nil, cadence.new()
        self.changed = { before = known, after = self.cadence.value }
    end
    if self.cadence:support() == 1 then
        self.lone_probe = { before = self.last_probe, probe = probe, peer_probe = self.peer_probe }
    end
end

-- The idle time is the shortest seen, until two longer ones in a row agree: then the setting changed.
function schedule:learn_idle(gap, was_overdue)
    local odd = self.odd_idle
    if not was_overdue then
        self.idle, self.odd_idle = math.min(self.idle or math.huge, gap), nil
    elseif odd and cadence.agree(gap, odd) then
        -- Without an idle time of its own, such a gap was held against the cadence.
        local before = self.idle or self:idle_time() or self:probe_cadence()
        self.changed = before and { before = before, after = math.min(gap, odd) } or nil
        self.idle, self.odd_idle, self.cadence, self.interval = math.min(gap, odd), nil, cadence.new(), cadence.new()
        self.doubtful = nil     -- of the old setting
    else
        self.odd_idle = gap
    end
end

-- Whether a gap is a whole number of the cadence's, as where probes between did not leave, or the capture lacks them.
function schedule:is_whole_number(gap)
    local spacing = self.cadence.value
    return math.abs(gap - spacing * math.floor(gap / spacing + 0.5)) <= self:tolerance(gap)
end

-- Linux waits no longer after an unanswered probe than after an answered one: a longer gap was a missed or a late probe. BSD waits
-- its interval after the one and its idle time after the other (tcp_timer_keep in sys/netinet/tcp_timer.c), and the interval may
-- be longer: two such gaps in a row show it.
function schedule:learn_unanswered(gap)
    local usual, before = self.cadence.value, self.long_gap
    if not usual or gap <= usual + self:tolerance(usual) then
        self.long_gap = nil
        self.interval:learn(gap)
        return
    end
    self.long_gap = gap
    if before and cadence.agree(gap, before) and not self:is_whole_number(gap) then
        self.interval, self.longer_interval = cadence.new(), true
        self.interval:learn(math.min(gap, before))
    end
end

--- Takes note of a probe at `time` in `frame`. Returns its number in this silence and the time since the probe before.
-- `crosses`: the probe left before the peer's last segment arrived; that segment resets the clock when it arrives.
-- `follows_last`: its kernel made no packet since the side's last one (keepalive_hole.lua). `was_overdue`: it was judged to
-- be late. `has_heard`: the side is known to have had the answer to its last probe.
function schedule:probe(time, frame, crosses, follows_last, was_overdue, has_heard)
    local before = self.last_probe
    local this = { time = time, frame = frame, number = before and before.number + 1 or 1, follows_last = follows_last }
    local since_last = before and time - before.time
    if not self.has_probed then
        self.cadence, self.interval = cadence.new(), cadence.new()
    end
    if self.last_probe and not self.rearmed and not was_answered_late(self) then
        if self.answered then
            self:learn_answered(since_last, this, has_heard)
        else
            self:learn_unanswered(since_last)
        end
    elseif not crosses and self.clock and time > self.clock then
        self:learn_idle(time - self.clock, was_overdue)
    end
    if self.latest and time > self.latest then
        self.shortest = math.min(self.shortest or math.huge, time - self.latest)
    end
    self.latest = time
    self.last_probe, self.answered, self.rearmed, self.has_probed = this, false, crosses or false, true
    return this.number, since_last
end

--- Judges a gap that was taken for the cadence and was too long, as soon as the cadence is sure.
-- Returns nil or { before, probe, kind, intervals, due, overdue, interval }; before and probe are { time, frame }.
function schedule:second_thought()
    local doubtful, spacing = self.doubtful, self.cadence.value
    if not doubtful then
        return nil
    end
    local sure = self.cadence:support() >= 2 or (self.idle and cadence.agree(self.idle, spacing))
    if not sure then
        return nil
    end
    self.doubtful = nil
    local due = doubtful.before.time + spacing
    if doubtful.peer_probe then
        due = math.max(due, doubtful.peer_probe + self:put_off(spacing))
    end
    local judged = self:judge_against(due, due + self:tolerance(spacing), spacing, doubtful.probe.time, true)
    if judged then
        judged.before, judged.probe = doubtful.before, doubtful.probe
    end
    return judged
end

return schedule
