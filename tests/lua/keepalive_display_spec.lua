-- SPDX-License-Identifier: GPL-2.0-or-later

local display = require "keepalive_display"
local log_of = require "keepalive_log"

local BY = "192.0.2.1:40000"
local WRITE = { fin = 3, after_fin = 2000000000, bytes = 84 }

-- The records of frame 7 with these findings, each { id, level, data }.
local function records_of(...)
    local log = log_of.new()
    for _, finding in ipairs({ ... }) do
        log:add(7, finding[1], finding[2], finding[3])
    end
    return log:records(7)
end

local MISSED = { "missed", "WARN", { by = BY, intervals = 3, due = 1, overdue = 15000000000, interval = 1, ended_by = "fin" } }
local FIN = { "fin", "NOTE", { by = BY } }
local PROBE = { "probe", "CHAT", { number = 3, answer = 8, last_probe = 5 } }

describe("what the packet list says of a frame", function()
    it("is the sentence of the worst finding, then the titles of the others, but for Chat", function()
        assert.are.equal(BY .. " missed 3 intervals, 15.000 s overdue; First FIN", display.headline(records_of(FIN, PROBE, MISSED)))
        assert.are.equal("Probe 3, answered", display.headline(records_of(PROBE)))
    end)

    it("marks the first FIN that brought trouble, and no other frame that trouble links to", function()
        assert.are.equal("► " .. BY .. " closes first", display.headline(records_of(FIN), true))
        assert.are.equal(BY .. " closes first", display.headline(records_of(FIN), false))
        assert.are.equal("Probe 3, answered", display.headline(records_of(PROBE), true))
    end)

    it("marks that FIN also where something worse stands on its frame", function()
        local records = records_of(FIN, MISSED)
        assert.are.equal("► " .. BY .. " missed 3 intervals, 15.000 s overdue; First FIN", display.headline(records, true))
        assert.are.equal(BY .. " missed 3 intervals, 15.000 s overdue; First FIN", display.headline(records, false))
    end)

    it("leaves out the addresses of the columns beside it", function()
        local peer = "203.0.113.77:1"
        assert.are.equal("► Closes first", display.headline(records_of(FIN), true, { source = BY, destination = peer }))
        assert.are.equal("Destination closes first", display.headline(records_of(FIN), false, { source = peer, destination = BY }))
        assert.are.equal(BY .. " closes first", display.headline(records_of(FIN), false, { source = peer, destination = peer }))
        assert.are.equal("Missed 3 intervals, 15.000 s overdue",
            display.headline(records_of(MISSED), false, { source = BY, destination = peer }))
    end)

    it("has each title once", function()
        local refused = { "refused_by", "NOTE", { device = "203.0.113.1", reason = "too_big", icmp_type = 3, icmp_code = 4, sender = BY } }
        local unanswered = { "unanswered", "NOTE", { probe = 5, in_a_row = 1, waited = 1 } }
        assert.are.equal("Probe in frame 5 has no answer (1 in a row); A device refuses a segment",
            display.headline(records_of(refused, unanswered, refused)))
    end)
end)

describe("the links of a frame", function()
    it("have the types that the catalogue gives them", function()
        assert.are.same({ [8] = "response" }, display.link_types(records_of(PROBE)))
    end)
end)

describe("the layer's line", function()
    it("says the worst finding and its level", function()
        assert.are.equal("Layer (Warn): " .. BY .. " missed 3 intervals, 15.000 s overdue",
            display.layer_line("Layer", records_of(FIN, MISSED)))
    end)
end)

describe("what the Info column says in addition", function()
    it("is the sentence of a finding at Warn or Error, and nothing at Note or Chat", function()
        assert.are.equal("  {84 bytes written 2.000 s after FIN 3}", display.info_suffix(records_of({ "post_fin_write", "WARN", WRITE })))
        assert.is_nil(display.info_suffix(records_of(FIN, PROBE)))
    end)
end)

describe("the links of a frame", function()
    it("are each frame that its findings name, once", function()
        local seen = {}
        display.each_link(records_of(PROBE, { "answer", "CHAT", { probe = 5, delay = 1 } }), function(frame) seen[#seen + 1] = frame end)
        assert.are.same({ 8, 5 }, seen)
    end)

    it("lead back from each frame that trouble links to, and not from what a Note links to", function()
        local log = log_of.new()
        log:add(9, "post_fin_write", "WARN", WRITE)
        log:add(7, "post_fin_write", "WARN", { fin = 3, after_fin = 1, bytes = 1, reset_in = 9 })
        log:add(8, "fin_ack", "CHAT", { fin = 2, delay = 1 })
        log:add(8, "post_fin_probe", "NOTE", { fin = 2, after_fin = 1 })
        assert.are.same({ [3] = { 7, 9 }, [9] = { 7 } }, display.links_of_trouble(log))
    end)

    it("follow what later frames make of the trouble", function()
        local log = log_of.new()
        local write = log:add(7, "post_fin_write", "WARN", WRITE)
        log.set_level(write, "NOTE")
        assert.are.same({}, display.links_of_trouble(log))
        log.set_level(write, "WARN")
        assert.are.same({ [3] = { 7 } }, display.links_of_trouble(log))
        log:take_back(write)
        assert.are.same({}, display.links_of_trouble(log))
    end)
end)
