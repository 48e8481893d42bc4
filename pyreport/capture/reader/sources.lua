-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The records of one or several files, as those of one capture in order of time. A file's own records stay in their order; of
-- records with the same time, the one of the earlier file comes first.

local input_of = require "input"
local packet_of = require "packet"
local pcap = require "pcap"
local pcapng = require "pcapng"

local sources = {}
sources.__index = sources

--- The reader of the records (pcap.lua says what that is) of files: a list of { descriptor, size }, in the order of the times of
-- their first records. `counter.read` grows with the bytes that are read. `tell` is told "file", a frame's number and the place
-- of its file in the list, where another file than that of the frame before begins; "cut" and a file's place; and "drops", a file's
-- place and how many packets its interfaces and the system dropped.
function sources.open(files, counter, tell)
    return setmetatable({
        files = files, counter = counter, tell = tell,
        all = {},           -- the files that were opened
        opened = 0,         -- how many they are
        waiting = nil,      -- the file whose first record comes next
        active = {},        -- files that have begun, in the order of the list
        last = nil,         -- the file of the record that was given last
        sought = nil,       -- the file of the record that was gone back to
        count = 0,          -- how many records were given
        size = 0,           -- octets of the files that were opened
        is_cut = false,
    }, sources)
end

-- Tells what is to be told at a file's end.
local function note_end(self, file)
    local by_interface, by_system = file.records:drops()
    if by_interface then
        self.tell("drops", file.place, string.format("%.0f %.0f", by_interface, by_system))
    end
    if file.records.is_cut then
        self.is_cut = true
        self.tell("cut", file.place)
    end
end

-- Goes on to a file's next record. Returns true; false at the file's end; nil and a reason.
local function advance(self, file)
    local is_record, reason = file.records:next(file.ahead)
    if is_record == false then
        note_end(self, file)
    end
    return is_record, reason
end

-- Opens the next file that has a record. Returns true; nil and a reason.
local function open_next(self)
    self.waiting = nil
    while self.opened < #self.files do
        local place = self.opened + 1
        local input = input_of.open(self.files[place].descriptor, self.files[place].size, self.counter)
        local records = pcap.open(input) or pcapng.open(input)
        if not records then
            return nil, "container"
        end
        local file = { place = place, base = self.size, input = input, records = records, ahead = packet_of.new() }
        self.all[place], self.opened, self.size = file, place, self.size + self.files[place].size
        local is_record, reason = advance(self, file)
        if is_record then
            self.waiting = file
            return true
        elseif is_record == nil then
            return nil, reason
        end
    end
    return true
end

local function is_earlier(record, other)
    return record.seconds < other.seconds or record.seconds == other.seconds and record.nanoseconds < other.nanoseconds
end

local function earliest(active)
    local first = active[1]
    for number = 2, #active do
        if is_earlier(active[number].ahead, first.ahead) then
            first = active[number]
        end
    end
    return first
end

-- Has the files begin whose first record is earlier than all others. Returns the file of the next record, false when there is
-- none; nil and a reason.
local function choose(self)
    if self.opened == 0 then
        local is_open, reason = open_next(self)
        if not is_open then
            return nil, reason
        end
    end
    local first = earliest(self.active)
    while self.waiting and (not first or is_earlier(self.waiting.ahead, first.ahead)) do
        first = self.waiting
        self.active[#self.active + 1] = first
        local is_open, reason = open_next(self)
        if not is_open then
            return nil, reason
        end
    end
    return first or false
end

local function remove(active, file)
    for number = 1, #active do
        if active[number] == file then
            table.remove(active, number)
            file.input:release()
            return
        end
    end
end

-- The next record of the only file that is left, which nothing has to be held against.
local function next_of_last(self, file, record)
    local is_record, reason = file.records:next(record)
    if is_record then
        self.count = self.count + 1
        record.place = record.place + file.base
        return true
    elseif is_record == false then
        note_end(self, file)
        remove(self.active, file)
        self.only, self.last = nil, nil
        return false
    end
    return nil, reason
end

--- The next record, as pcap.lua describes it, or the one that was gone back to. The places of all files follow each other.
function sources:next(record)
    if self.sought then
        return self.sought.records:next(record)
    elseif self.only then
        return next_of_last(self, self.only, record)
    end
    local last = self.last
    if last then
        local is_record, reason = advance(self, last)
        if is_record == nil then
            return nil, reason
        elseif not is_record then
            remove(self.active, last)
        end
    end
    local file, reason = choose(self)
    if not file then
        return file, reason
    end
    self.count = self.count + 1
    if file ~= last then
        self.tell("file", self.count, file.place)
        self.last = file
    end
    if self.opened == #self.files and not self.waiting and #self.active == 1 then
        self.only = file
    end
    local ahead = file.ahead
    record.bytes, record.captured, record.length, record.link = ahead.bytes, ahead.captured, ahead.length, ahead.link
    record.seconds, record.nanoseconds, record.place = ahead.seconds, ahead.nanoseconds, file.base + ahead.place
    return true
end

--- Goes to a record that was read before, once all were.
function sources:seek(place)
    local first, last = 1, self.opened
    while first < last do
        local middle = math.ceil((first + last) / 2)
        if self.all[middle].base <= place then
            first = middle
        else
            last = middle - 1
        end
    end
    self.sought = self.all[first]
    self.sought.records:seek(place - self.sought.base)
end

return sources
