-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What a program asks the plugin to show, when it asks for less than a person sees. Nothing is shown before all frames are
-- judged, so it needs two passes ("tshark -2").

local asked = {}

--- What these texts ask for, of which any may be there: "records", the fields for programs on each frame that has a finding;
-- "frames:3,5", all that there is to see, on these frames alone; "ledger", a line of standard output for each frame that has
-- a finding (keepalive_ledger.lua). Returns { frames = true by number; is_brief, is_printed = whether the fields and the
-- lines are wanted }, or nil when none asks for anything.
function asked.of(...)
    local found
    for _, text in ipairs { ... } do
        local numbers = text:match("^frames:([%d,]*)$")
        if numbers or text == "records" or text == "ledger" then
            found = found or { frames = {}, is_brief = false, is_printed = false }
            found.is_brief = found.is_brief or text == "records"
            found.is_printed = found.is_printed or text == "ledger"
            for number in (numbers or ""):gmatch("%d+") do
                found.frames[tonumber(number)] = true
            end
        end
    end
    return found
end

return asked
