-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What a program asks the plugin to show, when it asks for less than a person sees. Nothing is shown before all frames are
-- judged, so it needs two passes ("tshark -2").

local asked = {}

--- What one of these texts asks for: "records", the fields for programs on each frame that has a finding; "frames:3,5", all that
-- there is to see, on these frames alone. Returns { frames = true by number; is_brief = whether the fields for programs
-- are wanted }, or nil when none asks for anything.
function asked.of(...)
    for _, text in ipairs { ... } do
        if text == "records" then
            return { frames = {}, is_brief = true }
        end
        local numbers = text:match("^frames:([%d,]*)$")
        if numbers then
            local frames = {}
            for number in numbers:gmatch("%d+") do
                frames[tonumber(number)] = true
            end
            return { frames = frames, is_brief = false }
        end
    end
    return nil
end

return asked
