-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Numbers from octets, in both byte orders. The caller knows that the octets are there.

local octets = {}

--- In network byte order, big endian: 16 and 32 bits at an offset of a pointer (uint8_t *).
function octets.u16(at, offset)
    return at[offset] * 256 + at[offset + 1]
end

function octets.u32(at, offset)
    return at[offset] * 16777216 + at[offset + 1] * 65536 + at[offset + 2] * 256 + at[offset + 3]
end

--- The same, little endian.
function octets.u16_little(at, offset)
    return at[offset + 1] * 256 + at[offset]
end

function octets.u32_little(at, offset)
    return at[offset + 3] * 16777216 + at[offset + 2] * 65536 + at[offset + 1] * 256 + at[offset]
end

--- The two functions of a file's byte order.
function octets.of_order(is_little)
    if is_little then
        return octets.u16_little, octets.u32_little
    end
    return octets.u16, octets.u32
end

return octets
