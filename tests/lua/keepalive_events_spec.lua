-- SPDX-License-Identifier: GPL-2.0-or-later

local events = require "keepalive_events"

local HEAD = "stream\tframe\tlevel\tkind\tconfidence\tstreams\tends\thappened\n"
local ALONE = "15\t798\tError\tpeer_closed_idle\tpossible\t15\ta:1 → b:2\tThe server closed first.\n"
local MANY = "7\t814\tWarn\thost_frozen\tlikely\t7,0,1,2,5\t5 connections of a\tNo frame for 17.549 s\n"

describe("the table of events", function()
    it("is read in its order", function()
        local list = events.read(HEAD .. ALONE .. MANY)
        assert.are.equal(2, #list)
        assert.are.same({
            stream = 7, frame = 814, level = "Warn", kind = "host_frozen", confidence = "likely", streams = { 7, 0, 1, 2, 5 },
            ends = "5 connections of a", happened = "No frame for 17.549 s",
        }, list[2])
    end)

    it("is read by the names of its columns, of which a later pyreport may have more", function()
        local list = events.read("new\thappened\tends\tstreams\tlevel\tframe\tstream\tkind\tconfidence\n"
            .. "x\tIt closed.\ta\t3\tNote\t9\t3\tclosed\tlikely\n")
        assert.are.same({ 3, 9, "It closed." }, { list[1].stream, list[1].frame, list[1].happened })
    end)

    it("may have no event", function()
        assert.are.same({}, events.read(HEAD))
        assert.is_truthy(events.page({}, 1):find("Nothing happened", 1, true))
    end)

    it("is no table when it is empty, of another kind, or cut", function()
        assert.is_nil(events.read(""))
        assert.is_nil(events.read("pyreport: the capture cannot be read.\nfor a reason\n"))
        assert.is_nil(events.read(HEAD .. "15\t798\tErr"))
    end)
end)

describe("the text of the window", function()
    local list = events.read(HEAD .. ALONE .. MANY)

    it("tells the chosen event and the later ones", function()
        local page = events.page(list, 1)
        assert.is_truthy(page:find("Event 1 of 2", 1, true))
        assert.is_truthy(page:find("Error: a:1 → b:2\nThe server closed first.\n\nTCP stream 15; go to frame 798", 1, true))
        assert.is_truthy(page:find("  2. Warn: 5 connections of a: No frame for 17.549 s\n", 1, true))
    end)

    it("is that of an event alone", function()
        assert.is_truthy(events.page(events.read(HEAD .. ALONE), 1):find("Event 1 of 1", 1, true))
    end)

    it("ends with the last, and says which connection is the worst", function()
        local page = events.page(list, 2)
        assert.is_nil(page:find("next ones", 1, true))
        assert.is_truthy(page:find("5 connections, the worst one is TCP stream 7", 1, true))
    end)

    it("names so many of the later ones as can be read", function()
        local page = events.page(events.read(HEAD .. ALONE:rep(900)), 1)
        assert.is_truthy(page:find("\n  501. Error", 1, true))
        assert.is_nil(page:find("\n  502. Error", 1, true))
        assert.is_truthy(page:find("\n  501. Error: a:1 → b:2: The server closed first.\n  and 399 more\n", 1, true))
        local _, count = page:gsub("\n  %d+%. Error", "")
        assert.are.equal(500, count)
        assert.is_nil(events.page(events.read(HEAD .. ALONE:rep(501)), 1):find("more\n", 1, true))
    end)
end)

describe("the filters of an event", function()
    it("show its connections, those in a row as a range", function()
        local list = events.read(HEAD .. ALONE .. MANY)
        assert.are.equal("tcp.stream == 15", events.filter(list[1]))
        assert.are.equal("tcp.stream in {0..2, 5, 7}", events.filter(list[2]))
        local pair = MANY:gsub("7,0,1,2,5", "7,3")
        assert.are.equal("tcp.stream in {3, 7}", events.filter(events.read(HEAD .. pair)[1]))
    end)

    it("show the decisive frame alone", function()
        assert.are.equal("frame.number == 798", events.frame_filter(events.read(HEAD .. ALONE)[1]))
    end)

    it("are no longer than can be typed, for very many connections that lie apart", function()
        local streams = {}
        for i = 1, 5000 do
            streams[i] = tostring(2 * i)
        end
        local row = "2\t9\tWarn\tk\tc\t" .. table.concat(streams, ",") .. "\tends\thappened\n"
        local filter = events.filter(events.read(HEAD .. row)[1])
        assert.is_truthy(filter:find("^tcp%.stream in {2, 4, .*, 400}$"))
    end)
end)
