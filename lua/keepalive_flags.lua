-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- TCP header flags (RFC 9293 section 3.1) of one segment, from the low bits of the flags word. Plain arithmetic:
-- Lua 5.2 has no bit operators.

local flags = {}

local MASKS = { fin = 1, syn = 2, rst = 4, psh = 8, ack = 16 }

--- Whether the flag `name` ("fin", "syn", "rst", "psh" or "ack") is set in the flags word.
function flags.has(word, name)
    local mask = MASKS[name]
    return word % (2 * mask) >= mask
end

--- Whether ACK is set.
function flags.is_acknowledging(word)
    return word % 32 >= 16
end

--- Whether the segment is none of SYN, FIN, RST, and acknowledges.
function flags.is_plain_ack(word)
    return word % 8 == 0 and word % 32 >= 16
end

return flags
