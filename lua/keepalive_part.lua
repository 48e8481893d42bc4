-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The part of a capture that is judged, when a program asks for a part: from one time to another, both included, or what a host
-- sends and gets. The rest is passed over as if it had not been captured; all frames keep their numbers.

local part = {}

-- A time is written "seconds.nanoseconds", since no double holds both; "-" is no limit.
local function read(text)
    local seconds, nanoseconds = text:match("^(%d+)%.(%d+)$")
    return tonumber(seconds), tonumber(nanoseconds)
end

--- A function that tells whether a time (seconds and nanoseconds since the epoch, nil for a frame without a time) lies inside, and
-- the host's address as text (nil: any), for "FROM,TO,HOST"; nil for any other text, when all of the capture is judged.
function part.of(text)
    local from_text, to_text, host = (text or ""):match("^([%d.-]+),([%d.-]+),([%x.:-]+)$")
    if not from_text then
        return nil
    end
    local from, from_rest = read(from_text)
    local to, to_rest = read(to_text)
    local function is_inside(seconds, nanoseconds)
        if not seconds or from and (seconds < from or seconds == from and nanoseconds < from_rest) then
            return false
        end
        return not to or seconds < to or seconds == to and nanoseconds <= to_rest
    end
    return is_inside, host ~= "-" and host or nil
end

return part
