-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- How a sentence of a finding says a duration, a count, and one end of a connection.

local words = {}

local US, MS, S = 1000, 1000000, 1000000000
local MINUTE, HOUR = 60, 3600
-- The longest IPv4 end, "255.255.255.255:65535"; a longer one is of IPv6.
local LONGEST_IPV4_END = 21
local HOURS_TOLD_AS_DAYS = 48

--- A duration (integer nanoseconds) in the unit that shows it: "350 ns", "15 µs", "220.0 ms", "5.008 s", "60.0 s", "11 min 15 s",
-- "10 d 00 h".
-- Where it changes the unit, it does so before rounding reaches the next one.
function words.duration(ns)
    local sign, span = ns < 0 and "-" or "", math.abs(ns)
    if span > 0 and span < US then
        return string.format("%s%.0f ns", sign, span)
    elseif span < MS - US / 2 then
        return string.format(span % US > 0 and span < 20 * US and "%s%.1f µs" or "%s%.0f µs", sign, span / US)
    elseif span < S - MS / 20 then
        return string.format("%s%.1f ms", sign, span / MS)
    elseif span < 20 * S then
        return string.format("%s%.3f s", sign, span / S)
    elseif span < 300 * S then
        return string.format("%s%.1f s", sign, span / S)
    end
    local seconds = math.floor(span / S + 0.5)
    local hours, minutes = math.floor(seconds / HOUR), math.floor(seconds % HOUR / MINUTE)
    if hours >= HOURS_TOLD_AS_DAYS then
        local in_hours = math.floor(span / (HOUR * S) + 0.5)
        return string.format("%s%d d %02d h", sign, math.floor(in_hours / 24), in_hours % 24)
    elseif hours > 0 then
        return string.format("%s%d h %02d min", sign, hours, minutes)
    end
    return string.format("%s%d min %02d s", sign, minutes, seconds % MINUTE)
end

--- "1 byte", "84 bytes".
function words.plural(count, word)
    return string.format("%d %s%s", count, word, count == 1 and "" or "s")
end

--- One end of a connection, or a host, short enough for a sentence: of a long IPv6 address only how it ends.
-- "192.0.2.1:40000" and "[2001:db8::1]:9092" stay; "[2001:db8:1:2:3:4:5:6789]:9092" becomes "[...:6789]:9092".
function words.short(name)
    if #name <= LONGEST_IPV4_END then
        return name
    end
    local group_and_port = name:match("^%[.*(:[^:%]]+%]:%d+)$")
    return group_and_port and "[..." .. group_and_port or "..." .. (name:match("(:[^:]*)$") or name)
end

return words
