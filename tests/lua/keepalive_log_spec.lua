-- SPDX-License-Identifier: GPL-2.0-or-later

local log_of = require "keepalive_log"

local FIN = { by = "192.0.2.1:40000" }
local PROBE = { number = 1 }

-- The ids of a frame's records, as one text.
local function shown(log, frame)
    local ids = {}
    for i, record in ipairs(log:records(frame) or {}) do
        ids[i] = record.id
    end
    return table.concat(ids, " ")
end

local function fin_data()
    return { by = FIN.by }
end

describe("the log of findings", function()
    it("has nothing for a frame that nothing was said of", function()
        assert.is_nil(log_of.new():records(1))
    end)

    it("keeps the records of each frame, and shows the worst first whatever came first", function()
        local log = log_of.new()
        log:add(7, "probe", "CHAT", { number = 1 })
        log:add(7, "post_fin_probe", "NOTE", { fin = 3, after_fin = 1 })
        log:add(8, "fin", "NOTE", fin_data())
        assert.are.equal("post_fin_probe probe", shown(log, 7))
        assert.are.equal("fin", shown(log, 8))
    end)

    it("shows records of one kind in the order in which they were filed", function()
        local log = log_of.new()
        for number = 1, 9 do
            log:add(7, "probe", "CHAT", { number = number })
        end
        local numbers = {}
        for i, record in ipairs(log:records(7)) do
            numbers[i] = record.data.number
        end
        assert.are.same({ 1, 2, 3, 4, 5, 6, 7, 8, 9 }, numbers)
    end)

    it("raises for what the catalogue does not declare, also when a record is completed", function()
        local log = log_of.new()
        assert.has_error(function() log:add(1, "nonsense", "NOTE", {}) end)
        assert.has_error(function() log:add(1, "fin", "NOTE", {}) end)
        local record = log:add(1, "fin", "NOTE", fin_data())
        assert.has_error(function() log_of.complete(record, "colour", 1) end)
        assert.has_error(function() log_of.complete(record, "doubt", "a feeling") end)
        assert.has_error(function() log_of.set_level(record, "ERROR") end)
        assert.has_error(function() log_of.replace(record, { data_idle = 1 }) end)
    end)

    it("completes a record: a datum is given, changed and taken away, all are given anew, the level changes", function()
        local log = log_of.new()
        local record = log:add(1, "post_fin_write", "WARN", { fin = 8, after_fin = 5, bytes = 1 })
        log_of.complete(record, "acked_in", 12)
        log_of.complete(record, "harmless", "own_fin")
        log_of.complete(record, "harmless", "half_close")
        log_of.set_level(record, "NOTE")
        assert.are.same({ fin = 8, after_fin = 5, bytes = 1, acked_in = 12, harmless = "half_close" }, log:records(1)[1].data)
        assert.are.equal("NOTE", log:records(1)[1].level)
        log_of.complete(record, "acked_in", nil)
        assert.is_nil(log:records(1)[1].data.acked_in)
        log_of.replace(record, { fin = 9, after_fin = 6, bytes = 2 })
        assert.are.same({ fin = 9, after_fin = 6, bytes = 2 }, log:records(1)[1].data)
    end)

    it("takes back one record, or all of a frame that are meant, and leaves the others", function()
        local log = log_of.new()
        local first = log:add(1, "fin", "NOTE", fin_data())
        local second = log:add(1, "fin", "NOTE", fin_data())
        log:add(1, "probe", "CHAT", PROBE)
        log:take_back(first)
        assert.are.equal("fin probe", shown(log, 1))
        assert.are.equal(second, log:records(1)[1])
        log:take_back_if(1, function(record) return record.id == "fin" end)
        assert.are.equal("probe", shown(log, 1))
        log:take_back(log:records(1)[1])
        assert.is_nil(log:records(1))
    end)

    it("shows nothing of what is put aside, until that is said", function()
        local log, aside = log_of.new(), {}
        log:put_aside(aside)
        log:add(5, "fin", "NOTE", fin_data())
        log:put_aside(nil)
        log:add(6, "probe", "CHAT", PROBE)
        assert.are.equal("", shown(log, 5))
        assert.are.equal("probe", shown(log, 6))
        log:say(aside)
        assert.are.equal("fin", shown(log, 5))
    end)

    it("keeps what a frame has when more is said of it that was put aside", function()
        local log, aside = log_of.new(), {}
        log:add(5, "probe", "CHAT", PROBE)
        log:put_aside(aside)
        log:add(5, "late", "NOTE", { due = 1, overdue = 2 })
        log:put_aside(nil)
        log:say(aside)
        assert.are.equal("late probe", shown(log, 5))
    end)

    it("takes back what was put aside, and while putting aside what is shown", function()
        local log, aside = log_of.new(), {}
        local before = log:add(5, "fin", "NOTE", fin_data())
        log:put_aside(aside)
        local meanwhile = log:add(6, "fin", "NOTE", fin_data())
        log:take_back(before)
        log:take_back(meanwhile)
        log:put_aside(nil)
        log:say(aside)
        assert.are.equal("", shown(log, 5) .. shown(log, 6))
    end)

    it("withdraws what held only if the capture ended there, and nothing else", function()
        local log = log_of.new()
        log:add(1, "probe", "CHAT", PROBE)
        for _ = 1, 2 do
            log:add_provisional(1, "unanswered", "NOTE", { probe = 1, in_a_row = 1, waited = 1 })
            log:add_provisional(2, "fin", "NOTE", fin_data())
            assert.are.equal("unanswered probe", shown(log, 1))
            assert.are.equal("fin", shown(log, 2))
            log:withdraw_provisional()
            assert.are.equal("probe", shown(log, 1))
            assert.is_nil(log:records(2))
        end
    end)

    it("withdraws data that held only if the capture ended there", function()
        local log = log_of.new()
        local record = log:add(1, "probe", "CHAT", PROBE)
        local before = record.data
        for _ = 1, 2 do
            log:replace_provisionally(record, { number = 7 })
            assert.are.equal(7, record.data.number)
            log:withdraw_provisional()
            assert.are.equal(before, record.data)
            assert.are.equal("probe", shown(log, 1))
        end
    end)
end)
