-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Writes what the plugin keeps, after each thousand frames and then after each tenth more: the frame's number, KiB of Lua's memory after a collection, connections
-- that are remembered, those that are looked through at a rest, records that hold only if the capture ends here, and findings.
-- To be loaded after the plugin.

local tracker_of = require "keepalive_tracker"

local new = tracker_of.new
local tracker
local due = 1000
local file = assert(io.open("state.txt", "w"))
local state = Proto("keepalive_state", "What the keep-alive plugin keeps")

function tracker_of.new(...)
    tracker = new(...)
    return tracker
end

local function count(entries)
    local number = 0
    for _, entry in pairs(entries) do
        number = number + (entry and 1 or 0)
    end
    return number
end

function state.dissector(_, pinfo)
    if tracker and pinfo.number >= due then
        local number = pinfo.number
        due = number + math.max(1000, math.floor(number / 10))
        collectgarbage("collect")
        file:write(string.format("%d\t%d\t%d\t%d\t%d\t%d\n", number, math.floor(collectgarbage("count")), count(tracker.connections),
            count(tracker.probing), #tracker.log.provisional, tracker.log.count))
        file:flush()
    end
end

register_postdissector(state)
