-- SPDX-License-Identifier: GPL-2.0-or-later

local catalogue = require "keepalive_catalogue"
local python_findings = require "tests.lua.python_findings"
local reference = require "tests.lua.reference"
local state = require "keepalive_state"

local function read(path)
    local file = assert(io.open(path, "r"))
    local text = file:read("*a")
    file:close()
    return text
end

-- Numbers that the page tells in words of its own: the file, the constant as it stands there, and what the page says.
local CONSTANTS = {
    { "lua/keepalive_payload.lua", "SAME_FLIGHT = 200000000", "follows within 200 ms" },
    { "lua/keepalive_reset.lua", "ON_ITS_WAY = 1000000000", "comes within 1 s" },
}

describe("the findings in Python", function()
    it("are what the catalogue declares; if not, run: make reference", function()
        assert.are.equal(python_findings.page(), read(python_findings.path))
    end)
end)

describe("the reference in lua/README.md", function()
    it("is what the catalogue and the plugin say; if not, run: make reference", function()
        assert.are.equal(reference.page(), read(reference.path))
    end)

    for _, finding in ipairs(catalogue.findings) do
        it("says of " .. finding.id .. " when it is set, on which level, and what to think of it", function()
            assert.are.equal("string", type(finding.on))
            assert.is_truthy(finding.set_when[1])
            assert.are.equal("string", type(finding.advice))
            assert.are.equal(#finding.levels > 1, finding.level_when ~= nil)
            for _, superseded in ipairs(finding.supersedes or {}) do
                assert.are.equal(superseded, catalogue.get(superseded).id)
            end
        end)
    end

    it("draws each transition of the states", function()
        local page, count = reference.page(), 0
        for from, by_event in pairs(state.TRANSITIONS) do
            for event, to in pairs(by_event) do
                local line = from:gsub("-", "_") .. " --> " .. to:gsub("-", "_") .. ": " .. event:gsub("_", " ") .. "\n"
                assert.is_truthy(page:find(line, 1, true), line)
                count = count + 1
            end
        end
        assert.are.equal(count + 2, select(2, page:gsub("\n    [%w_%[%]*]+ %-%-> ", "")))
    end)

    it("tells the numbers that the code has", function()
        local page = reference.page()
        for _, constant in ipairs(CONSTANTS) do
            local file, declared, told = constant[1], constant[2], constant[3]
            assert.is_truthy(read(file):find("local " .. declared .. "\n", 1, true), declared)
            assert.is_truthy(page:find(told, 1, true), told)
        end
    end)
end)
