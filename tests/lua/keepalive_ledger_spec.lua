-- SPDX-License-Identifier: GPL-2.0-or-later

local ledger = require "keepalive_ledger"
local record = require "keepalive_record"
local catalogue = require "keepalive_catalogue"

local TOLD = {
    number = 7, seconds = 1664467205, nanoseconds = 8000, start_seconds = 1664467200, start_nanoseconds = 0,
    address = "192.0.2.1", port = 40000,
}

local function columns(line)
    local list = {}
    for column in (line:gsub("\n$", "") .. "\t"):gmatch("([^\t]*)\t") do
        list[#list + 1] = column
    end
    return list
end

describe("the line before all others", function()
    it("has the version of the program that judges", function()
        assert.same({ "keepalive.program", "4.0.17" }, columns(ledger.program("4.0.17")))
    end)
end)

describe("the line of a frame with findings", function()
    local unanswered = { id = "unanswered", level = "NOTE", data = { probe = 5, in_a_row = 1, waited = 7000000000 } }
    local answer = { id = "answer", level = "CHAT", data = { probe = 5, delay = 220000 } }

    it("has number, times, sender, records and sentences", function()
        assert.same({
            "keepalive.ledger", "7", "1664467205.000008000", "1664467200.000000000", "192.0.2.1", "40000",
            record.string(unanswered) .. "\31" .. record.string(answer),
            catalogue.sentence(unanswered) .. "\31" .. catalogue.sentence(answer),
        }, columns(ledger.line(TOLD, { unanswered, answer })))
    end)

    it("is one line", function()
        local odd = { id = "missed", level = "WARN", data = { by = "a\nb\tc", intervals = 1, gap = 2, interval = 1, due = 1,
            overdue = 1, last_probe = 3, ended_by = "probe" } }
        local line = ledger.line(TOLD, { odd })
        assert.equal(1, select(2, line:gsub("\n", "")))
        assert.equal(8, #columns(line))
    end)
end)
