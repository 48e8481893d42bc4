-- SPDX-License-Identifier: GPL-2.0-or-later

local catalogue = require "keepalive_catalogue"

local SAMPLES = { duration = 1500000000, moment = 2000000000, frame = 42, count = 3, text = "some text" }

-- What the README promises: a level for each finding, the usual one first. A RST behind a FIN is not the incident.
local LEVELS = {
    probe = "CHAT", answer = "CHAT", unanswered = "NOTE WARN", gave_up = "ERROR", late = "NOTE", missed = "WARN",
    closed_before_due = "NOTE", fin = "NOTE", fin_ack = "CHAT", post_fin_probe = "NOTE",
    post_fin_write = "WARN NOTE", post_fin_reset = "ERROR NOTE", reset = "WARN NOTE", write_after_own_fin = "WARN",
}

-- What a finding always carries: without it the record would be a bug.
local ALWAYS = {
    probe = { "number" }, answer = { "probe", "delay" }, unanswered = { "probe", "in_a_row", "waited" },
    gave_up = { "unanswered", "first_probe", "last_probe", "silence" }, late = { "due", "overdue" },
    missed = { "by", "intervals", "due", "overdue", "interval", "ended_by" },
    closed_before_due = { "by", "due", "margin", "last_probe" }, fin = { "by" }, fin_ack = { "fin", "delay" },
    post_fin_probe = { "fin", "after_fin" }, post_fin_write = { "fin", "after_fin", "bytes" },
    post_fin_reset = { "cause", "cause_kind", "fin", "delay", "after_fin" }, reset = { "by", "followed" },
    write_after_own_fin = { "fin", "bytes" },
}

local function sample_data(finding, names)
    local data = {}
    for _, declared in ipairs(finding.data) do
        local name, kind = declared[1], declared[2]
        data[name] = (not names or names[name]) and SAMPLES[kind] or nil
    end
    return data
end

describe("the catalogue", function()
    it("holds exactly the findings that are documented, with their levels", function()
        local found = {}
        for _, finding in ipairs(catalogue.findings) do
            found[finding.id] = table.concat(finding.levels, " ")
        end
        assert.are.same(LEVELS, found)
    end)

    it("draws what breaks the application before all else", function()
        local errors_are_over = false
        for _, finding in ipairs(catalogue.findings) do
            local is_error = finding.levels[1] == "ERROR"
            assert.is_false(is_error and errors_are_over, finding.id)
            errors_are_over = not is_error
        end
    end)

    it("raises for a finding that is not declared, which is a bug", function()
        assert.has_error(function() catalogue.get("nonsense") end, "no finding 'nonsense' in the catalogue")
        assert.has_error(function() catalogue.record("nonsense", "WARN", {}) end)
    end)

    it("raises for a level that the finding does not have", function()
        assert.has_error(function() catalogue.record("missed", "CHAT", {}) end, "finding 'missed' has no level 'CHAT'")
        assert.has_error(function() catalogue.record("missed", nil, {}) end, "finding 'missed' has no level 'nil'")
    end)

    it("raises for a datum that the finding does not declare", function()
        assert.has_error(function() catalogue.record("fin", "NOTE", { colour = 1 }) end,
            "finding 'fin' declares no datum 'colour'")
    end)

    for _, finding in ipairs(catalogue.findings) do
        it("has one sentence for " .. finding.id .. " with all data and with the least", function()
            local needed = {}
            for _, name in ipairs(ALWAYS[finding.id]) do
                needed[name] = true
            end
            for _, data in ipairs({ sample_data(finding), sample_data(finding, needed) }) do
                local sentence = catalogue.sentence(catalogue.record(finding.id, finding.levels[1], data))
                assert.is_true(#sentence > 10)
                assert.is_nil(sentence:find("nil", 1, true), sentence)
                assert.is_nil(sentence:find("\n", 1, true), sentence)
            end
        end)
    end

    it("shows durations in seconds and counts with their word", function()
        local function missed(intervals, ended_by)
            return catalogue.sentence(catalogue.record("missed", "WARN", { by = "A", intervals = intervals,
                overdue = 15024000000, ended_by = ended_by }))
        end
        assert.are.equal("1 keep-alive interval missed by A: a probe was due 15.024 s before this frame",
            missed(1, "data"))
        assert.are.equal("3 keep-alive intervals missed by A: a probe was due 15.024 s before the capture ends",
            missed(3, "end of the capture"))
    end)
end)
