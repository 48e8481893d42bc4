-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Learns one spacing of a side's probes (idle time, cadence of answered probes, or interval of unanswered ones)
-- from the gaps that the capture shows. A gap can be too long (a probe was late or missed) but hardly too short:
-- kernel timers never fire early.

local cadence = {}
cadence.__index = cadence

local REMEMBERED = 9

-- Linux >= 4.8 rounds a timer up to the granularity of its wheel level, at most 8/63 of its length
-- (kernel/time/timer.c, "HZ 1000 steps"); 2.6.35 to 4.7 rounded by 1/256 (kernel/timer.c, apply_slack).
local ROUNDING = 8 / 63
-- Scheduling and path jitter between two gaps of the same setting.
local JITTER = 50000000

--- How much later than `spacing` (ns) a kernel's timer may fire by its rounding alone, in ns.
function cadence.rounding(spacing)
    return math.floor(spacing * ROUNDING)
end

function cadence.new()
    return setmetatable({ gaps = {}, value = nil, odd = {} }, cadence)
end

local function agree(a, b)
    local shorter = math.min(a, b)
    return math.abs(a - b) <= cadence.rounding(shorter) + JITTER
end
cadence.agree = agree

local function median(values)
    local sorted = {}
    for i, value in ipairs(values) do
        sorted[i] = value
    end
    table.sort(sorted)
    return sorted[math.floor((#sorted + 1) / 2)]
end

function cadence:restart(gaps)
    self.gaps, self.odd = gaps, {}
    self.gaps.heard = nil
    self.value = median(gaps)
end

--- The same once more, to learn apart from it.
function cadence:copy()
    local copy = cadence.new()
    for _, name in ipairs({ "gaps", "odd" }) do
        for i, gap in ipairs(self[name]) do
            copy[name][i] = gap
        end
    end
    copy.odd.heard, copy.value = self.odd.heard, self.value
    return copy
end

-- Whether odd gaps in a row make a new setting. Two longer gaps do. Shorter gaps are more likely probes whose answers
-- were lost between the point of capture and the sender, which then went on by its interval. No kernel does that more
-- often than its count of probes allows, 8 to 10 by default (TCP_KEEPCNT). Two do where the sender had the answers.
local function are_enough(odd, is_longer)
    return #odd >= REMEMBERED or (is_longer and #odd or odd.heard) >= 2
end

--- Learns from one gap (ns). Returns what the gap was against what had been learned:
-- "fits" (also the first), "longer", "shorter", "replaced" (one lone earlier gap was longer, so it was the odd one) or
-- "changed" (gaps in a row agree on a new value: the setting changed). With `is_sure` a lone earlier gap is kept. With `is_heard` the
-- sender is known to have had the answer with which the gap began.
function cadence:learn(gap, is_sure, is_heard)
    if not self.value then
        self:restart({ gap })
        return "fits"
    end
    if agree(gap, self.value) then
        if #self.gaps == REMEMBERED then
            table.remove(self.gaps, 1)
        end
        self.gaps[#self.gaps + 1] = gap
        self.value, self.odd = median(self.gaps), {}
        return "fits"
    end
    local is_longer = gap > self.value
    if not is_longer and #self.gaps == 1 and not is_sure then
        self:restart({ gap })
        return "replaced"
    end
    local odd = self.odd
    if odd[1] and not agree(gap, odd[1]) then
        odd = {}
        self.odd = odd
    end
    odd[#odd + 1] = gap
    odd.heard = (odd.heard or 0) + (is_heard and 1 or 0)
    if are_enough(odd, is_longer) then
        self:restart(odd)
        return "changed"
    end
    return is_longer and "longer" or "shorter"
end

--- Number of gaps that agree on the value.
function cadence:support()
    return #self.gaps
end

return cadence
