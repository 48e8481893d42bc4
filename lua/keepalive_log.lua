-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The log of findings: the records of each frame, and all that later frames make of them. "Written back" is one of these:
--   completed    a record gets, loses or changes a datum or its level (complete, replace, set_level)
--   taken back   the record is no longer there (take_back, take_back_if)
--   put aside    a record is kept out of sight (put_aside) until it is known whether it holds, and may then be said (say)
--   provisional  a record, or its data, that holds only if the capture ends here, until more comes after all
--                (add_provisional, replace_provisionally, withdraw_provisional)

local catalogue = require "keepalive_catalogue"

local log = {}
log.__index = log

--- An empty log.
function log.new()
    return setmetatable({
        shown = {},          -- lists of records, by frame
        aside = nil,         -- where records go now instead: a table like `shown`
        provisional = {},    -- what the end of the capture made: { record, data (what it had before, nil for a new one) }
        count = 0,           -- how many records were filed
        may_be_trouble = {}, -- true for each frame that had a record which has Warn or Error among its levels
    }, log)
end

local function append(store, frame, record)
    local records = store[frame]
    if not records then
        records = {}
        store[frame] = records
    end
    records[#records + 1] = record
end

--- Files a finding on a frame and returns its record { id, level, data, frame, filed }, which later frames may complete.
-- `filed` counts the records.
function log:add(frame, id, level, data)
    local record = catalogue.record(id, level, data)
    self.count = self.count + 1
    record.frame, record.filed = frame, self.count
    if catalogue.get(id).may_be_trouble then
        self.may_be_trouble[frame] = true
    end
    append(self.aside or self.shown, frame, record)
    return record
end

-- Records of one kind stand in the order in which they were filed: a sort of Lua leaves equal ones in any order.
local function is_worse(one, other)
    local worse = catalogue.is_worse(one, other)
    if worse == nil then
        return one.filed < other.filed
    end
    return worse
end

--- The records of a frame, worst first, or nil.
function log:records(frame)
    local records = self.shown[frame]
    if records and records[2] then
        table.sort(records, is_worse)
    end
    return records
end

--- Gives a record a datum, or another value of it; nil takes the datum away.
function log.complete(record, name, value)
    if value ~= nil then
        catalogue.check_datum(record.id, name, value)
    end
    record.data[name] = value
end

--- Gives a record all its data anew.
function log.replace(record, data)
    record.data = catalogue.record(record.id, record.level, data).data
end

--- Gives a record another level.
function log.set_level(record, level)
    catalogue.check_level(record.id, level)
    record.level = level
end

local function remove_if(store, frame, is_unwanted)
    local kept = {}
    for _, record in ipairs(store[frame] or {}) do
        if not is_unwanted(record) then
            kept[#kept + 1] = record
        end
    end
    store[frame] = kept[1] and kept or nil
end

--- Takes back the records of a frame, shown or put aside just now, that `is_unwanted` says so of.
function log:take_back_if(frame, is_unwanted)
    remove_if(self.shown, frame, is_unwanted)
    if self.aside then
        remove_if(self.aside, frame, is_unwanted)
    end
end

--- Takes back one record.
function log:take_back(unwanted)
    self:take_back_if(unwanted.frame, function(record) return record == unwanted end)
end

--- From here on records are put aside, by frame in the table `aside`; with nil they are shown again.
function log:put_aside(aside)
    self.aside = aside
end

--- Says what was put aside: its records are shown, with those that their frames have already.
function log:say(aside)
    for frame, records in pairs(aside) do
        for _, record in ipairs(records) do
            append(self.shown, frame, record)
        end
    end
end

--- Files a finding that holds only if the capture ends here.
function log:add_provisional(frame, id, level, data)
    self.provisional[#self.provisional + 1] = { record = self:add(frame, id, level, data) }
end

--- Gives a record other data, which hold only if the capture ends here.
function log:replace_provisionally(record, data)
    self.provisional[#self.provisional + 1] = { record = record, data = record.data }
    log.replace(record, data)
end

--- Takes back what held only if the capture ended there.
function log:withdraw_provisional()
    for i = #self.provisional, 1, -1 do
        local entry = self.provisional[i]
        if entry.data then
            entry.record.data = entry.data
        else
            self:take_back(entry.record)
        end
        self.provisional[i] = nil
    end
end

return log
