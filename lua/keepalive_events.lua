-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The events of a capture as `pyreport scan --tsv` groups them, and the text that a window shows of them.

local page = require "keepalive_page"

local events = {}

-- More ranges of streams than this are no filter that anybody reads.
local MOST_RANGES = 200
-- Of a page, the lines of the events that come after the chosen one.
local MOST_LINES = 500

local function cells_of(line)
    local cells = {}
    for cell in (line .. "\t"):gmatch("([^\t]*)\t") do
        cells[#cells + 1] = cell
    end
    return cells
end

local function numbers_of(text)
    local numbers = {}
    for digits in text:gmatch("%d+") do
        numbers[#numbers + 1] = tonumber(digits)
    end
    return numbers
end

--- The events of a table, in its order: { stream, frame, level, kind, confidence, streams (a list), ends, happened }. nil when
-- the text is no such table. Columns are found by their names: a later pyreport may have more.
function events.read(text)
    local names, list
    for line in text:gmatch("[^\r\n]+") do
        local cells = cells_of(line)
        if not names then
            names, list = cells, {}
        else
            local event = {}
            for i, name in ipairs(names) do
                event[name] = cells[i]
            end
            event.stream, event.frame = tonumber(event.stream), tonumber(event.frame)
            event.streams = numbers_of(event.streams or "")
            if not (event.stream and event.frame and event.level and event.ends and event.happened and event.streams[1]) then
                return nil
            end
            list[#list + 1] = event
        end
    end
    return list
end

--- The text of one event, as it is also copied.
function events.summary(event)
    local count = #event.streams
    local connections = count == 1 and "TCP stream " .. event.stream
        or string.format("%d connections, the worst one is TCP stream %d", count, event.stream)
    return string.format("%s: %s\n%s\n\n%s; go to frame %d\n[%s, %s]\n", event.level, event.ends, event.happened, connections,
        event.frame, event.kind, event.confidence)
end

local function lines_from(list, first)
    local lines = {}
    for index = first, math.min(#list, first + MOST_LINES - 1) do
        local event = list[index]
        lines[#lines + 1] = string.format("  %d. %s: %s: %s", index, event.level, event.ends, event.happened)
    end
    if #list >= first + MOST_LINES then
        lines[#lines + 1] = "  and " .. #list - first - MOST_LINES + 1 .. " more"
    end
    return table.concat(lines, "\n")
end

--- What the window shows: the event at this place of the list, and those that come after it.
function events.page(list, index)
    if not list[1] then
        return "Nothing happened to a connection of this capture that pyreport would report on.\n"
    end
    return page.of(list, index, "Event", events.summary, lines_from)
end

local function ranges_of(streams)
    local sorted, ranges = {}, {}
    for index, stream in ipairs(streams) do
        sorted[index] = stream
    end
    table.sort(sorted)
    local i = 1
    while i <= #sorted and #ranges < MOST_RANGES do
        local last = i
        while sorted[last + 1] == sorted[last] + 1 do
            last = last + 1
        end
        ranges[#ranges + 1] = last == i and tostring(sorted[i]) or sorted[i] .. ".." .. sorted[last]
        i = last + 1
    end
    return ranges
end

--- The display filter that shows the connections of an event; of very many that lie apart, the first ones.
function events.filter(event)
    if not event.streams[2] then
        return "tcp.stream == " .. event.stream
    end
    return "tcp.stream in {" .. table.concat(ranges_of(event.streams), ", ") .. "}"
end

--- The display filter that shows the decisive frame alone.
function events.frame_filter(event)
    return "frame.number == " .. event.frame
end

return events
