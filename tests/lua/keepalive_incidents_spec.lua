-- SPDX-License-Identifier: GPL-2.0-or-later

local catalogue = require "keepalive_catalogue"
local incidents = require "keepalive_incidents"

local function probe(frame)
    local record = catalogue.record("probe", "CHAT", { number = 1 })
    record.frame = frame
    return record
end

local function late_ack(frame)
    local record = catalogue.record("fin_ack", "CHAT", { fin = 1, delay = 5000 })
    record.frame = frame
    return record
end

local function post_fin_probe(frame)
    local record = catalogue.record("post_fin_probe", "NOTE", { fin = 3, after_fin = 2000000 })
    record.frame = frame
    return record
end

local function missed(frame)
    local record = catalogue.record("missed", "WARN", {
        by = "192.0.2.1:40000", intervals = 2, due = 1, overdue = 2, interval = 3, last_probe = 4, ended_by = "data",
    })
    record.frame = frame
    return record
end

local function collection(frames)
    local found = incidents.new()
    for _, frame in ipairs(frames) do
        found:add(frame[1], "ends of " .. frame[1], { frame[2], frame[3] })
    end
    return found:list()
end

describe("the list of incidents", function()
    it("has many in the order of their frames where they are alike", function()
        local frames = {}
        for number = 1, 200 do
            frames[number] = { number, missed((number * 83) % 199 + 1), post_fin_probe(900 + number) }
        end
        local list = collection(frames)
        assert.are.equal(200, #list)
        for place = 2, #list do
            assert.is_true(list[place - 1].worst.frame <= list[place].worst.frame)
        end
    end)

    it("has the worst connection first, and its worst record", function()
        local list = collection({ { 1, post_fin_probe(5) }, { 2, missed(9), probe(9) }, { 2, post_fin_probe(8) } })
        assert.are.equal(2, #list)
        assert.are.equal(2, list[1].stream)
        assert.are.equal(9, list[1].worst.frame)
        assert.are.equal("ends of 2", list[1].ends)
        assert.are.same({ missed = 1, probe = 1, post_fin_probe = 1 }, list[1].count)
    end)

    it("has of equal ones the earlier first, and of one connection the earliest frame", function()
        local list = collection({ { 3, missed(20) }, { 4, missed(10) }, { 4, missed(30) } })
        assert.are.same({ 4, 10, 3, 20 }, { list[1].stream, list[1].worst.frame, list[2].stream, list[2].worst.frame })
    end)

    it("leaves out what is healthy", function()
        assert.are.same({}, collection({ { 1, probe(1) }, { 2, late_ack(2) } }))
    end)

    it("has nothing of nothing", function()
        assert.are.same({}, incidents.new():list())
        assert.is_truthy(incidents.page({}, 1):find("No connection", 1, true))
    end)
end)

describe("the text of the window", function()
    local list = collection({ { 7, missed(9), probe(9) }, { 8, missed(12) }, { 9, post_fin_probe(20) } })

    it("tells the chosen incident and the later ones, those of one kind together", function()
        local page = incidents.page(list, 1)
        assert.is_truthy(page:find("Incident 1 of 3", 1, true))
        assert.is_truthy(page:find("TCP stream 7, ends of 7", 1, true))
        assert.is_truthy(page:find("Warn: Missed keep-alive interval\n  2. stream 8, ends of 8, frame 12\nNote: ", 1, true))
    end)

    it("is that of an incident alone", function()
        assert.is_truthy(incidents.page(collection({ { 7, missed(9) } }), 1):find("Incident 1 of 1", 1, true))
    end)

    it("ends with the last", function()
        local page = incidents.page(list, 3)
        assert.is_truthy(page:find("Incident 3 of 3", 1, true))
        assert.is_nil(page:find("next ones", 1, true))
    end)

    it("counts each finding, the worst kind first", function()
        assert.is_truthy(incidents.summary(list[1]):find(
            "  1 x Missed keep-alive interval\n  1 x Keep-alive probe\n", 1, true))
    end)

    it("has filters for the connection and the frame", function()
        assert.are.equal("tcp.stream == 7", incidents.filter(list[1]))
        assert.are.equal("frame.number == 9", incidents.frame_filter(list[1]))
    end)
end)

describe("the worst of a connection", function()
    -- A record of one kind at a level of one's choice.
    local function of_level(level, frame)
        local record = missed(frame)
        record.level = level
        return record
    end

    it("is that with the higher level, whichever comes first", function()
        local levels = { "CHAT", "NOTE", "WARN", "ERROR" }
        for higher = 2, #levels do
            for lower = 1, higher - 1 do
                for _, frames in ipairs { { 1, 2 }, { 2, 1 } } do
                    local worse, better = of_level(levels[higher], frames[1]), of_level(levels[lower], frames[2])
                    assert.are.equal(worse, collection({ { 1, better, worse } })[1].worst)
                    assert.are.equal(worse, collection({ { 1, worse, better } })[1].worst)
                end
            end
        end
    end)
end)

