-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Sequence numbers: arithmetic modulo 2^32 (RFC 9293 section 3.4). Never compare them with a bare "<".

local seq = {}

local MODULUS = 4294967296
local HALF = 2147483648
seq.MODULUS, seq.HALF = MODULUS, HALF

--- The number `count` bytes after `number`; a negative count goes back.
function seq.add(number, count)
    return (number + count) % MODULUS
end

--- How far `a` lies after `b`: an integer from -2^31 to 2^31 - 1, negative when `a` lies before `b`.
function seq.distance(a, b)
    return (a - b + HALF) % MODULUS - HALF
end

--- Whether `a` lies strictly after `b`.
function seq.after(a, b)
    local ahead = (a - b) % MODULUS
    return ahead > 0 and ahead < HALF
end

--- Whether `a` is `b` or lies after it: "a covers b" for an acknowledgment number a.
function seq.covers(a, b)
    return (a - b) % MODULUS < HALF
end

return seq
