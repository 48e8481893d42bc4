-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What the reader tells while it works, beside its rows: lines of words and numbers, parted by blanks, to a descriptor of its own.

local ffi = require "ffi"

ffi.cdef "long write(int descriptor, const void *from, size_t count);"

local tidings = {}

local MOST_LINES = 1000

--- A function that tells a line of its arguments, and one that sends what is kept back and returns how many lines were told so
-- far. Lines are sent together, since there may be one for every frame.
function tidings.to(descriptor)
    local lines, count, total = {}, 0, 0
    local function send()
        if count > 0 then
            local text = table.concat(lines, "\n", 1, count) .. "\n"
            -- Nobody may be listening any more, which is no reason to stop.
            ffi.C.write(descriptor, text, #text)
            total, count = total + count, 0
        end
        return total
    end
    local function tell(...)
        count = count + 1
        lines[count] = table.concat({ ... }, " ")
        if count == MOST_LINES then
            send()
        end
    end
    return tell, send
end

return tidings
