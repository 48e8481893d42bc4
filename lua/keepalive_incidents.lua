-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The connections of a capture that have findings, the worst first, and the text that a window shows of them.

local catalogue = require "keepalive_catalogue"
local page = require "keepalive_page"

local incidents = {}
incidents.__index = incidents

--- An empty collection.
function incidents.new()
    return setmetatable({ by_stream = {} }, incidents)
end

-- Whether one record is worse than another; of two that are equally bad, the earlier one is.
local function is_worse(one, other)
    local is_so = catalogue.is_worse(one, other)
    if is_so == nil then
        return one.frame < other.frame
    end
    return is_so
end

--- Takes the records of one frame; `stream` is Wireshark's number of its connection, `ends` the text of its two ends.
function incidents:add(stream, ends, records)
    local incident = self.by_stream[stream]
    if not incident then
        incident = { stream = stream, ends = ends, count = {}, order = {} }
        self.by_stream[stream] = incident
    end
    for _, record in ipairs(records) do
        if not incident.count[record.id] then
            incident.order[#incident.order + 1] = record.id
        end
        incident.count[record.id] = (incident.count[record.id] or 0) + 1
        if not incident.worst or is_worse(record, incident.worst) then
            incident.worst = record
        end
    end
end

--- The incidents { stream, ends, worst (a record), count (of records by finding) }, worst first. Connections with healthy
-- probes only are none.
function incidents:list()
    local list = {}
    for _, incident in pairs(self.by_stream) do
        if incident.worst and incident.worst.level ~= "CHAT" then
            list[#list + 1] = incident
        end
    end
    table.sort(list, function(one, other) return is_worse(one.worst, other.worst) end)
    return list
end

-- The findings of an incident, the worst kind first: "2 x Missed keep-alive interval".
local function findings_of(incident)
    local ids, lines = {}, {}
    for _, id in ipairs(incident.order) do
        ids[#ids + 1] = id
    end
    table.sort(ids, function(one, other) return catalogue.get(one).rank < catalogue.get(other).rank end)
    for _, id in ipairs(ids) do
        lines[#lines + 1] = string.format("  %d x %s", incident.count[id], catalogue.get(id).title)
    end
    return table.concat(lines, "\n")
end

--- The text of one incident, as it is also copied.
function incidents.summary(incident)
    local worst = incident.worst
    return string.format("%s: %s\n\nTCP stream %d, %s\nFrame %d: %s\n\nAll findings of this connection:\n%s\n",
        catalogue.LEVELS[worst.level], catalogue.get(worst.id).title, incident.stream, incident.ends, worst.frame,
        catalogue.sentence(worst), findings_of(incident))
end

-- Connections to which the same happened stand together: the order of the list is by level and finding.
local function lines_from(list, first)
    local lines, kind = {}, nil
    for index = first, #list do
        local incident = list[index]
        local this = catalogue.LEVELS[incident.worst.level] .. ": " .. catalogue.get(incident.worst.id).title
        if this ~= kind then
            kind = this
            lines[#lines + 1] = this
        end
        lines[#lines + 1] = string.format("  %d. stream %d, %s, frame %d", index, incident.stream, incident.ends,
            incident.worst.frame)
    end
    return table.concat(lines, "\n")
end

--- What the window shows: the incident at this place of the list, and those that come after it.
function incidents.page(list, index)
    if not list[1] then
        return "No connection of this capture has a finding, or only healthy keep-alive probes.\n"
    end
    return page.of(list, index, "Incident", incidents.summary, lines_from)
end

--- The display filter that shows the connection of an incident.
function incidents.filter(incident)
    return string.format("tcp.stream == %d", incident.stream)
end

--- The display filter that shows the frame of its worst finding alone.
function incidents.frame_filter(incident)
    return string.format("frame.number == %d", incident.worst.frame)
end

return incidents
