-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The capture's bytes, from an open descriptor, through a buffer. Whoever wants bytes says how many, and gets none unless the
-- file has them all: no length that a file tells is believed before that. Not mapped into memory, since a file that is
-- truncated while it is read would end the process.

local ffi = require "ffi"

ffi.cdef [[
long read(int descriptor, void *to, size_t count);
long lseek(int descriptor, long offset, int whence);
void *memmove(void *to, const void *from, size_t count);
]]

local input = {}
input.__index = input

local FIRST_CAPACITY = 1048576

--- The bytes of a descriptor from the beginning of its file, up to `size` (all of it, when nil): what is written to the file
-- later is not looked at. `counter.read` grows with what is read. Raises when it cannot be read from the beginning.
function input.open(descriptor, size, counter)
    if ffi.C.lseek(descriptor, 0, 0) ~= 0 then
        error("the capture cannot be read from its beginning", 0)
    end
    return setmetatable({
        descriptor = descriptor,
        counter = counter,
        buffer = ffi.new("uint8_t[?]", FIRST_CAPACITY),
        capacity = FIRST_CAPACITY,
        at = 0,             -- place in the buffer of the next byte
        filled = 0,         -- how many bytes of the buffer are the file's
        left = size or math.huge,   -- how many bytes of the file are not read yet
    }, input)
end

-- Moves the bytes that are left to the front, in a larger buffer when `count` bytes need one, and reads on.
local function fill(self, count)
    local rest = self.filled - self.at
    local old = self.buffer
    if count > self.capacity then
        self.capacity = count
        self.buffer = ffi.new("uint8_t[?]", count)
    end
    ffi.C.memmove(self.buffer, old + self.at, rest)
    self.at, self.filled = 0, rest
    while self.filled < count and self.left > 0 do
        local wanted = math.min(self.capacity - self.filled, self.left)
        local got = tonumber(ffi.C.read(self.descriptor, self.buffer + self.filled, wanted))
        if got < 0 then
            error("the capture cannot be read on", 0)
        elseif got == 0 then
            self.left = 0
        else
            self.filled, self.left = self.filled + got, self.left - got
            self.counter.read = self.counter.read + got
        end
    end
    return self.filled >= count
end

--- A pointer to the next `count` bytes (uint8_t *), good until the next call; nil when the file has not so many.
function input:peek(count)
    if self.filled - self.at < count and not fill(self, count) then
        return nil
    end
    return self.buffer + self.at
end

--- Goes on by `count` bytes, which peek has given.
function input:skip(count)
    self.at = self.at + count
end

--- Whether every byte was gone over.
function input:is_over()
    return self.filled == self.at and not self:peek(1)
end

return input
