-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What is taken of some frames in a row, put aside until there are enough of them: LuaJIT compiles the loop that reads, the one that
-- judges and the one of the outlines each apart, and as one it does not, since that is too long.

local packet_of = require "packet"

local batch = {}
batch.__index = batch

-- How many frames are put aside.
local ROOM = 4096

--- Nothing put aside: `taken` has what is taken of `count` frames, numbered from `before` + 1 on; `quoted` what ICMP errors among
-- them quote (frames.lua), by their place.
function batch.new()
    return setmetatable({ taken = packet_of.segments(ROOM + 1), quoted = {}, before = 0, count = 0 }, batch)
end

--- Whether there is no room for more.
function batch:is_full()
    return self.count == ROOM
end

--- Puts a frame aside.
function batch:add(frame)
    self.count = self.count + 1
    if frame.packet.is_tcp then
        self.taken[self.count] = frame.segment
    elseif frame.quoted then
        self.quoted[self.count] = frame.quoted
    end
end

--- Forgets the frames.
function batch:clear()
    self.before, self.count, self.quoted = self.before + self.count, 0, {}
end

return batch
