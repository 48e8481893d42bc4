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
    return setmetatable({ gaps = {}, value = nil, odd = nil }, cadence)
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

function cadence:restart(...)
    self.gaps, self.odd = { ... }, nil
    self.value = median(self.gaps)
end

--- Learns from one gap (ns). Returns what the gap was against what had been learned:
-- "fits" (also the first), "longer", "shorter" (one lone earlier gap was the odd one, it is replaced)
-- or "changed" (two gaps in a row agree on a new value: the setting changed).
function cadence:learn(gap)
    if not self.value then
        self:restart(gap)
        return "fits"
    end
    if agree(gap, self.value) then
        if #self.gaps == REMEMBERED then
            table.remove(self.gaps, 1)
        end
        self.gaps[#self.gaps + 1] = gap
        self.value, self.odd = median(self.gaps), nil
        return "fits"
    end
    if gap < self.value and #self.gaps == 1 then
        self:restart(gap)
        return "shorter"
    end
    if self.odd and agree(gap, self.odd) then
        self:restart(self.odd, gap)
        return "changed"
    end
    self.odd = gap
    return gap > self.value and "longer" or "shorter"
end

--- Number of gaps that agree on the value.
function cadence:support()
    return #self.gaps
end

return cadence
