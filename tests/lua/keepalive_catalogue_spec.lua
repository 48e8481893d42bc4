-- SPDX-License-Identifier: GPL-2.0-or-later

local catalogue = require "keepalive_catalogue"

local SAMPLES = { duration = 1500000000, moment = 2000000000, frame = 42, count = 3, ["end"] = "192.0.2.1:9092", host = "192.0.2.1" }

-- What the README promises: a level for each finding, the usual one first. A RST behind a FIN is not the incident.
local LEVELS = {
    probe = "CHAT", answer = "CHAT", unanswered = "NOTE WARN", gave_up = "ERROR", late = "NOTE", missed = "WARN",
    closed_before_due = "NOTE", fin = "NOTE", fin_ack = "CHAT", post_fin_probe = "NOTE",
    post_fin_write = "WARN NOTE", post_fin_reset = "ERROR NOTE", reset = "WARN NOTE", write_after_own_fin = "WARN",
    retransmission_timeout = "WARN NOTE", capture_hole = "NOTE", setting_changed = "NOTE",
    refused_by = "WARN NOTE",
}

local KINDS = { duration = true, moment = true, frame = true, count = true, ["end"] = true, host = true, token = true }

-- All data of a finding, or only those that are always there; a token has its value number `which`, or its last.
local function sample_data(finding, only_always, which)
    local data = {}
    for _, datum in ipairs(finding.data) do
        if datum.always or not only_always then
            data[datum.name] = datum.values and datum.values[math.min(which or 1, #datum.values)] or SAMPLES[datum.kind]
        end
    end
    return data
end

local function with(finding_id, changes)
    local data = sample_data(catalogue.get(finding_id), true)
    for name, value in pairs(changes) do
        data[name] = value
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

    it("links a probe and its answer both ways, and the acknowledgment of a FIN to the FIN", function()
        local links = {}
        for _, finding in ipairs(catalogue.findings) do
            for _, datum in ipairs(finding.data) do
                links[#links + 1] = datum.link and finding.id .. "." .. datum.name .. " " .. datum.link
            end
        end
        assert.are.same({ "fin_ack.fin ack", "probe.answer response", "answer.probe request" }, links)
    end)

    it("counts to the violations of the protocol only what no stack does", function()
        for _, finding in ipairs(catalogue.findings) do
            assert.are.equal(finding.id == "write_after_own_fin" and "PROTOCOL" or "SEQUENCE", finding.group)
        end
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
        assert.has_error(function() catalogue.record("fin", "NOTE", { by = "A", colour = 1 }) end,
            "finding 'fin' declares no datum 'colour'")
    end)

    it("raises for a record without a datum that is always there", function()
        assert.has_error(function() catalogue.record("fin", "NOTE", { data_idle = 1 }) end, "finding 'fin' lacks its datum 'by'")
    end)

    it("raises for a token that the datum cannot be, and for one that has no text", function()
        assert.has_error(function() catalogue.record("fin", "NOTE", { by = "A", doubt = "a feeling" }) end,
            "datum 'doubt' of finding 'fin' cannot be 'a feeling'")
        assert.has_error(function() catalogue.text_of("a feeling") end, "no text for the token 'a feeling' in the catalogue")
    end)

    for _, finding in ipairs(catalogue.findings) do
        it("has one sentence for " .. finding.id .. " with all data and with the least", function()
            for _, data in ipairs({ sample_data(finding), sample_data(finding, true) }) do
                local sentence = catalogue.sentence(catalogue.record(finding.id, finding.levels[1], data))
                assert.is_true(#sentence > 10)
                assert.is_nil(sentence:find("nil", 1, true), sentence)
                assert.is_nil(sentence:find("\n", 1, true), sentence)
            end
        end)
    end

    for _, finding in ipairs(catalogue.findings) do
        it("declares the data of " .. finding.id .. " in full: a kind, a label, and of a token its ids, each with a text", function()
            for _, datum in ipairs(finding.data) do
                assert.is_truthy(datum.name:find("^[%l_]+$"))
                assert.is_true(KINDS[datum.kind], datum.name)
                assert.are.equal("string", type(datum.label))
                assert.are.equal(datum.kind == "token", datum.values ~= nil)
                for _, token in ipairs(datum.values or {}) do
                    assert.is_truthy(token:find("^[%l_]+$"))
                    assert.are.equal("string", type(catalogue.text_of(token)))
                end
            end
        end)

        it("has a sentence for " .. finding.id .. " with each token", function()
            for which = 1, 7 do
                assert.is_nil(catalogue.sentence({ id = finding.id, data = sample_data(finding, false, which) }):find("_", 1, true))
            end
        end)
    end

    it("shows durations in seconds and counts with their word", function()
        local function missed(intervals, ended_by)
            return catalogue.sentence(catalogue.record("missed", "WARN", with("missed",
                { by = "A", intervals = intervals, overdue = 15024000000, ended_by = ended_by })))
        end
        assert.are.equal("1 keep-alive interval missed by A: a probe was due 15.024 s before this frame",
            missed(1, "data"))
        assert.are.equal("3 keep-alive intervals missed by A: a probe was due 15.024 s before the capture ends",
            missed(3, "capture_end"))
    end)
end)
