-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What the user may set of the detection, with the usual values, and what the tracker takes of it.

local settings = {}

local NS_PER_MS = 1000000

--- Durations in milliseconds, counts, and switches, as the user is shown them; 0 of the first three: learn it from the capture.
settings.USUAL = { idle = 0, interval = 0, probes = 0, slack = 200, min_gap = 900, show_state = false }

--- The settings of a tracker, in nanoseconds, from a table like USUAL.
function settings.tracker(chosen)
    return {
        idle = chosen.idle * NS_PER_MS,
        interval = chosen.interval * NS_PER_MS,
        probes = chosen.probes,
        slack = chosen.slack * NS_PER_MS,
        min_gap = math.max(1, chosen.min_gap) * NS_PER_MS,
        show_state = chosen.show_state,
    }
end

return settings
