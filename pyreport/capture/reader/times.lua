-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Times as two numbers, seconds since the epoch and nanoseconds, which LuaJIT adds and compares without making an object of each.

local times = {}

local BILLION = 1000000000

--- Nanoseconds from one time to another; exact up to 104 days.
function times.since(seconds, nanoseconds, before_seconds, before_nanoseconds)
    return (seconds - before_seconds) * BILLION + (nanoseconds - before_nanoseconds)
end

--- A time in nanoseconds, as an integer in JSON.
function times.to_text(seconds, nanoseconds)
    if seconds == 0 then
        return string.format("%d", nanoseconds)
    end
    return string.format("%d%09d", seconds, nanoseconds % BILLION)
end

return times
