-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The reader's input, made strict for tests: what peek gives lies right before a page that nobody may read, and is gone with the
-- next peek. So a read behind the bytes that were asked for, or of what was given before, ends the process with a signal,
-- in code that LuaJIT has compiled, too. Returns input; to be loaded before the reader's other modules.

local ffi = require "ffi"
local input = require "input"

ffi.cdef [[
void *mmap(void *at, size_t length, int protection, int flags, int descriptor, long offset);
int munmap(void *at, size_t length);
int mprotect(void *at, size_t length, int protection);
]]

local PAGE, NONE, READ_WRITE, PRIVATE_ANONYMOUS = 4096, 0, 3, 0x22

local given, given_length
local peek = input.peek

function input:peek(count)
    local bytes = peek(self, count)
    if not bytes then
        return nil
    end
    local room = math.ceil(count / PAGE) * PAGE
    local map = ffi.C.mmap(nil, room + PAGE, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0)
    assert(ffi.cast("intptr_t", map) ~= -1, "no memory for a guarded copy")
    local behind = ffi.cast("uint8_t *", map) + room
    assert(ffi.C.mprotect(behind, PAGE, NONE) == 0)
    ffi.C.memmove(behind - count, bytes, count)
    -- Only now, so that the new one lies elsewhere.
    if given then
        ffi.C.munmap(given, given_length)
    end
    given, given_length = map, room + PAGE
    return behind - count
end

return input
