-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What a window shows of a list, the worst first: the chosen one, and those that come after it.

local page = {}

--- The page of the one at `index` of a list that is not empty. `name`: what one is called; `summary`: a function, the text of one;
-- `lines_from`: a function, the lines of those from a place of the list on.
function page.of(list, index, name, summary, lines_from)
    local rest = index < #list and "\nThe next ones, the worst first:\n" .. lines_from(list, index + 1) .. "\n" or ""
    return string.format("%s %d of %d. 'Go to frame' selects its frame, 'Show connection' then shows what is around it.\n\n%s%s",
        name, index, #list, summary(list[index]), rest)
end

return page
