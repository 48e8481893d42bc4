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

    it("links a probe and its answer both ways, a write and its RST both ways, and the acknowledgment of a FIN to the FIN", function()
        local links = {}
        for _, finding in ipairs(catalogue.findings) do
            for _, datum in ipairs(finding.data) do
                links[#links + 1] = datum.link and finding.id .. "." .. datum.name .. " " .. datum.link
            end
        end
        assert.are.same({ "post_fin_reset.cause request", "post_fin_write.reset_in response", "fin_ack.fin ack",
            "probe.answer response", "answer.probe request" }, links)
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

    it("names the line that asked for what is not declared", function()
        for _, asks in ipairs({
            function() catalogue.record(catalogue.get("nonsense"), "WARN", {}) end,
            function() return catalogue.text_of("a feeling") .. "" end,
            function() catalogue.check_level("missed", "CHAT") end,
            function() catalogue.check_datum("fin", "colour", 1) end,
            function() catalogue.check_datum("fin", "doubt", "a feeling") end,
            function() local _ = catalogue.record("fin", "NOTE", { data_idle = 1 }) end,
        }) do
            local is_well, message = pcall(asks)
            assert.is_false(is_well)
            assert.is_truthy(message:find("^%.?/?tests/lua/keepalive_catalogue_spec%.lua:%d+: "), message)
        end
    end)

    for _, finding in ipairs(catalogue.findings) do
        it("has one sentence for " .. finding.id .. " with all data and with the least", function()
            for _, data in ipairs({ sample_data(finding), sample_data(finding, true) }) do
                local sentence = catalogue.sentence(catalogue.record(finding.id, finding.levels[1], data))
                assert.is_true(#sentence >= #"Probe 1")
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

    it("never says more than 70 characters, with the longest ends, frames, durations and counts that a capture has", function()
        local longest = { duration = 359999 * 1000000000, frame = 99999999, count = 65535, ["end"] = "255.255.255.255:65535",
            host = "255.255.255.255" }
        local ipv6 = { ["end"] = "[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:65535", host = "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff" }
        local longest_seen = 0
        local function measure(finding, data)
            local sentence = catalogue.sentence({ id = finding.id, data = data })
            local characters = select(2, sentence:gsub("[^\128-\191]", ""))
            assert.is_true(characters <= 70, sentence)
            longest_seen = math.max(longest_seen, characters)
        end
        -- Each datum that may be missing is there and is not, each token is each of its values.
        local function each_variant(finding, data, number)
            local datum = finding.data[number]
            if not datum then
                -- An RST that follows a segment has that and the time since; its sender's own data are such a segment.
                local is_whole = (data.cause ~= nil) == (data.delay ~= nil) and (data.cause or data.followed ~= "own_data")
                return (finding.id ~= "reset" or is_whole) and measure(finding, data)
            end
            if not datum.always then
                data[datum.name] = nil
                each_variant(finding, data, number + 1)
            end
            for _, value in ipairs(datum.values or { longest[datum.kind] or 0, ipv6[datum.kind] }) do
                data[datum.name] = value
                each_variant(finding, data, number + 1)
            end
        end
        for _, finding in ipairs(catalogue.findings) do
            each_variant(finding, {}, 1)
        end
        assert.is_true(longest_seen > 60, "the longest values were not tried")
    end)

    it("says who missed how much", function()
        local function missed(intervals)
            return catalogue.sentence(catalogue.record("missed", "WARN", with("missed",
                { by = "192.0.2.1:40000", intervals = intervals, overdue = 15024000000, ended_by = "data" })))
        end
        assert.are.equal("192.0.2.1:40000 missed 1 interval, 15.024 s overdue", missed(1))
        assert.are.equal("192.0.2.1:40000 missed 3 intervals, 15.024 s overdue", missed(3))
    end)

    it("says what the capture shows of a silence: at least so much of one whose start it lacks, nothing of an unknown one", function()
        local function fin(changes)
            return catalogue.sentence(catalogue.record("fin", "NOTE", with("fin", changes)))
        end
        assert.are.equal("192.0.2.1:9092 closes first after 60.0 s of silence",
            fin({ silence = 60000000000, silence_from = "payload" }))
        assert.are.equal("192.0.2.1:9092 closes first after ≥ 60.0 s of silence",
            fin({ silence = 60000000000, silence_from = "capture_start" }))
        assert.are.equal("192.0.2.1:9092 may close first", fin({ doubt = "unseen_peer" }))
    end)

    it("calls worse what has the higher level, and of one level what is declared first", function()
        local function record(id, level) return { id = id, level = level } end
        assert.is_true(catalogue.is_worse(record("unanswered", "WARN"), record("post_fin_reset", "NOTE")))
        assert.is_false(catalogue.is_worse(record("post_fin_reset", "NOTE"), record("unanswered", "WARN")))
        assert.is_true(catalogue.is_worse(record("missed", "WARN"), record("unanswered", "WARN")))
        assert.is_nil(catalogue.is_worse(record("probe", "CHAT"), record("probe", "CHAT")))
        local levels = { "CHAT", "NOTE", "WARN", "ERROR" }
        for higher = 2, #levels do
            local one, other = record("unanswered", levels[higher]), record("unanswered", levels[higher - 1])
            assert.is_true(catalogue.is_worse(one, other))
            assert.is_false(catalogue.is_worse(other, one))
        end
    end)

    it("calls Warn and Error trouble, and neither Note nor Chat", function()
        local trouble = {}
        for _, level in ipairs({ "CHAT", "NOTE", "WARN", "ERROR" }) do
            trouble[#trouble + 1] = catalogue.is_trouble(level) and level or nil
        end
        assert.are.same({ "WARN", "ERROR" }, trouble)
    end)
end)

describe("what may be trouble", function()
    it("is what has Warn or Error among its levels, either of them alone, too", function()
        for id, levels in pairs(LEVELS) do
            local is_trouble = levels:find("WARN") ~= nil or levels:find("ERROR") ~= nil
            assert.are.equal(is_trouble, catalogue.get(id).may_be_trouble, id)
        end
    end)
end)
