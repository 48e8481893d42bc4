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

local FIRST_CAPACITY, SEEK_READ = 1048576, 16384

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
        start = 0,          -- place in the file of the buffer's first byte
        at = 0,             -- place in the buffer of the next byte
        filled = 0,         -- how many bytes of the buffer are the file's
        size = size or math.huge,
        left = size or math.huge,   -- how many bytes of the file are not read yet
        most = math.huge,   -- how many bytes are read at once, unless more are wanted
    }, input)
end

-- Moves the bytes that are left to the front, in a larger buffer when `count` bytes need one, and reads on.
local function fill(self, count)
    local rest = self.filled - self.at
    local old = self.buffer
    if count > self.capacity then
        self.capacity = math.max(count, SEEK_READ)
        self.buffer = ffi.new("uint8_t[?]", self.capacity)
    end
    ffi.C.memmove(self.buffer, old + self.at, rest)
    self.start, self.at, self.filled = self.start + self.at, 0, rest
    while self.filled < count and self.left > 0 do
        local wanted = math.min(self.capacity - self.filled, self.left, math.max(self.most, count - self.filled))
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

--- Gives the memory of the buffer back; what is read after that begins with seek.
function input:release()
    self.start, self.at, self.filled = self.start + self.at, 0, 0
    self.buffer, self.capacity = ffi.new("uint8_t[1]"), 1
end

--- The place in the file of the next byte.
function input:tell()
    return self.start + self.at
end

--- Goes to a place in the file; from now on little is read at once, since the next place may be anywhere.
function input:seek(place)
    self.most = SEEK_READ
    if place >= self.start and place <= self.start + self.filled then
        self.at = place - self.start
        return
    end
    if ffi.C.lseek(self.descriptor, place, 0) ~= place then
        error("the capture cannot be read again", 0)
    end
    self.start, self.at, self.filled, self.left = place, 0, 0, self.size - place
end

--- Whether every byte was gone over.
function input:is_over()
    return self.filled == self.at and not self:peek(1)
end

return input
