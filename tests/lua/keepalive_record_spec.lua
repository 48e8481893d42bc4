-- SPDX-License-Identifier: GPL-2.0-or-later

local catalogue = require "keepalive_catalogue"
local record = require "keepalive_record"

describe("the record for programs", function()
    it("has id, level and data, in the catalogue's order, with what each number means", function()
        local missed = catalogue.record("missed", "WARN", {
            by = "192.0.2.1:40000", intervals = 3, due = 21027000000, overdue = -7, interval = 5008000000, last_probe = 12,
            ended_by = "capture_end",
        })
        assert.are.equal("missed|Warn|by=192.0.2.1:40000|intervals=3|due_at_ns=21027000000|overdue_ns=-7"
            .. "|interval_ns=5008000000|last_probe_frame=12|ended_by=capture_end", record.string(missed))
    end)

    it("leaves out what is not known", function()
        assert.are.equal("probe|Chat|number=1", record.string(catalogue.record("probe", "CHAT", { number = 1 })))
    end)

    it("writes numbers as integers, however large", function()
        assert.are.equal("9007199254740992", record.value(2 ^ 53))
        assert.are.equal("0", record.value(0))
    end)

    it("encodes what would end a value or a line, and its own sign, so that it can be undone", function()
        assert.are.equal("a%7Cb%257C%0A%7F=c", record.value("a|b%7C\n\127=c"))
        assert.are.equal("[2001:db8::1]:9092", record.value("[2001:db8::1]:9092"))
    end)
end)
