-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What the packet list and the details say of the records of a frame, and which frames trouble elsewhere links to.
-- Lists of records have the worst first, as the log gives them.

local catalogue = require "keepalive_catalogue"

local display = {}

-- On the frame of a close that brought trouble, also where something worse stands on it.
local DECISIVE = "► "

local function has_close(records)
    for _, record in ipairs(records) do
        if record.id == "fin" then
            return true
        end
    end
    return false
end

--- What the packet list shows in one column: the sentence of the worst record, then the titles of the others. Those at Chat
-- are left out: they say that something healthy goes with it. `has_trouble`: a finding at Warn or Error elsewhere links here;
-- the first FIN is marked then. `row`: the ends that the columns beside it show, { source, destination }.
function display.headline(records, has_trouble, row)
    local mark = has_trouble and has_close(records) and DECISIVE or ""
    local parts, said = { mark .. catalogue.sentence(records[1], row) }, { [records[1].id] = true }
    for i = 2, #records do
        local record = records[i]
        if record.level ~= "CHAT" and not said[record.id] then
            said[record.id] = true
            parts[#parts + 1] = catalogue.get(record.id).title
        end
    end
    return table.concat(parts, "; ")
end

--- The line of the layer in the details, which is all that is seen of it when it is folded.
function display.layer_line(name, records)
    return string.format("%s (%s): %s", name, catalogue.LEVELS[records[1].level], catalogue.sentence(records[1]))
end

--- What the Info column says in addition, or nil: the sentence of the worst record when something went wrong.
function display.info_suffix(records)
    return catalogue.is_trouble(records[1].level) and "  {" .. catalogue.sentence(records[1]) .. "}" or nil
end

--- Calls `visit(frame, link)` once for each frame that these records link to, in the order of the records and of their data.
-- `link` is the type that the catalogue gives the link, nil when none.
function display.each_link(records, visit)
    local is_visited = {}
    for _, record in ipairs(records) do
        for _, datum in ipairs(catalogue.get(record.id).data) do
            local frame = datum.kind == "frame" and record.data[datum.name]
            if frame and not is_visited[frame] then
                is_visited[frame] = true
                visit(frame, datum.link)
            end
        end
    end
end

--- The types of the links of these records, by the frame that they lead to; of frames without one, nothing.
function display.link_types(records)
    local types = {}
    display.each_link(records, function(frame, link) types[frame] = link end)
    return types
end

local function trouble_among(records)
    local trouble = {}
    for _, record in ipairs(records) do
        trouble[#trouble + 1] = catalogue.is_trouble(record.level) and record or nil
    end
    return trouble
end

--- The way back along the links: for each frame that a finding at Warn or Error of another frame links to, the list of those
-- other frames, ascending.
function display.links_of_trouble(log)
    local back = {}
    for frame in pairs(log.may_be_trouble) do
        display.each_link(trouble_among(log.shown[frame] or {}), function(linked)
            if linked ~= frame then
                back[linked] = back[linked] or {}
                table.insert(back[linked], frame)
            end
        end)
    end
    for _, frames in pairs(back) do
        table.sort(frames)
    end
    return back
end

return display
