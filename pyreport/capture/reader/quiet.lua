-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Which connections are plainly well, so that nobody has to look at their frames: a filter for speed, stricter than any
-- judgement. What is not quiet is judged by pyreport, which may still find that nothing is wrong with it. What is quiet has every
-- octet in order and once, acknowledged or just sent, in both directions, with open windows, no RST, one TTL an end, timestamps
-- that follow the capture's clock, and FINs of both ends or of none. tests/engine/test_outlines.py holds it against the judgement.

local ffi = require "ffi"
local times = require "times"

local quiet = {}
quiet.__index = quiet

ffi.cdef [[
typedef struct {
    uint32_t next, acked;       // the number after all that the end sent; what the other end has acknowledged of that
    bool has_sent, is_known, has_fin, has_timestamps;
    uint8_t hops;
    double open_ms;             // since when something of it is not acknowledged, while next is not acked
    double first_ms, first_tick, last_ms, last_tick, tick_ms;   // times of its timestamps, by both clocks; tick_ms 0: unknown
} keepalive_quiet_side;
typedef struct {
    keepalive_quiet_side sides[2];
    double start_seconds, payload_seconds;
    int32_t start_nanoseconds, payload_nanoseconds;
    int8_t payload_from;        // which end sent payload last, -1: none
    int32_t fins;
    bool is_loud;
} keepalive_quiet;
]]

local MODULUS, HALF = 4294967296, 2147483648
local FIN, SYN, RST, ACK = 1, 2, 4, 16

-- Ticks of TSval that kernels use (ms), and by how much a measured one may differ.
local TICKS = { 1, 4, 10, 100 }
local LIKE_A_TICK = 0.05
-- A timestamp keeps its line when it is off by no more: half of what side_clock.py calls off the line. Between two of its frames,
-- half of what likeness.py calls off the line.
local OFF_MS, OFF_SHARE, STEP_MS, STEP_SHARE = 200, 0.0005, 50, 0.01
local MEASURED_FROM_MS = 1000
-- What was sent so shortly before the capture's end may be on its way: half of thresholds.py's.
local IN_FLIGHT_MS = 500

--- Begins with a connection of which nothing was seen; its memory is all 0.
function quiet.begin(this)
    this.payload_from = -1
end

local function has(flags, mask)
    return flags % (2 * mask) >= mask
end

-- Whether the end's clock keeps to the capture's.
local function keeps_time(side, milliseconds, ticks)
    if not side.has_timestamps then
        return false
    end
    local since, went_on = milliseconds - side.first_ms, (ticks - side.first_tick) % MODULUS
    if went_on >= HALF then
        went_on = went_on - MODULUS
    end
    if side.tick_ms == 0 and since >= MEASURED_FROM_MS then
        local measured = went_on > 0 and since / went_on or 0
        for _, tick in ipairs(TICKS) do
            if math.abs(measured - tick) <= LIKE_A_TICK * tick then
                side.tick_ms = tick
            end
        end
        if side.tick_ms == 0 then
            return false
        end
    end
    local tick = side.tick_ms
    if tick == 0 then
        -- Too early to tell its tick: not even by the finest has it left its line.
        return went_on >= -OFF_MS and went_on <= since + OFF_MS
    end
    local step, ticked = milliseconds - side.last_ms, went_on - side.last_tick
    side.last_ms, side.last_tick = milliseconds, went_on
    return math.abs(went_on * tick - since) <= OFF_MS + since * OFF_SHARE
        and math.abs(ticked * tick - step) <= STEP_MS + tick + step * STEP_SHARE
end

local function read_clock(side, milliseconds, timestamp, is_first)
    if timestamp < 0 then
        return not side.has_timestamps
    elseif is_first then
        side.has_timestamps, side.first_ms, side.first_tick = true, milliseconds, timestamp
        side.last_ms, side.last_tick = milliseconds, 0
        return true
    end
    return keeps_time(side, milliseconds, timestamp)
end

-- Whether the segment goes on where its end stopped, or is a keep-alive probe before that.
local function goes_on(this, number, side, segment, milliseconds)
    local flags, len = segment.flags, segment.len
    local space = len + (has(flags, SYN) and 1 or 0) + (has(flags, FIN) and 1 or 0)
    if not side.is_known then
        side.is_known, side.next = true, segment.seq
        side.acked = segment.seq
    end
    if segment.seq ~= side.next then
        return space == len and len <= 1 and segment.seq == (side.next - 1) % MODULUS
    end
    if len > 0 then
        -- What comes with or after a FIN is looked at.
        if this.fins > 0 or has(flags, FIN) then
            return false
        end
        this.payload_from = number
    end
    if space > 0 and side.next == side.acked then
        side.open_ms = milliseconds
    end
    side.next = (segment.seq + space) % MODULUS
    return true
end

-- Whether the acknowledgment is of what the other end has sent, and goes no step back.
local function acknowledges(other, segment)
    if not has(segment.flags, ACK) then
        return true
    elseif not other.is_known then
        other.is_known, other.next, other.acked = true, segment.ack, segment.ack
        return true
    end
    if (other.next - segment.ack) % MODULUS >= HALF or (segment.ack - other.acked) % MODULUS >= HALF then
        return false
    end
    other.acked = segment.ack
    return true
end

-- Milliseconds since the connection's first segment.
local function since_start(this, seconds, nanoseconds)
    return times.since(seconds, nanoseconds, this.start_seconds, this.start_nanoseconds) / 1000000
end

local function is_in_order(this, segment, number, milliseconds)
    local flags, side, other = segment.flags, this.sides[number], this.sides[1 - number]
    local is_first = not side.has_sent
    side.has_sent = true
    if is_first then
        side.hops = segment.hops
    end
    if has(flags, RST) or side.hops ~= segment.hops or has(flags, SYN) and not is_first or segment.window == 0
        or not read_clock(side, milliseconds, segment.timestamp, is_first)
        or not goes_on(this, number, side, segment, milliseconds) or not acknowledges(other, segment) then
        return false
    end
    if has(flags, FIN) and not side.has_fin then
        side.has_fin = true
        this.fins = this.fins + 1
    end
    return true
end

--- Takes the next segment of the connection (packet.lua), of the end `number` (0 or 1).
function quiet.take(this, segment, number, seconds, nanoseconds)
    if this.is_loud then
        return
    end
    if not this.sides[0].has_sent and not this.sides[1].has_sent then
        this.start_seconds, this.start_nanoseconds = seconds, nanoseconds
    end
    local side = this.sides[number]
    local was_known, before = side.is_known, side.next
    this.is_loud = not is_in_order(this, segment, number, since_start(this, seconds, nanoseconds))
    -- The octet of a probe is garbage (RFC 1122, 4.2.3.6; Windows sends one): nobody owes it a reply.
    if segment.len > 0 and not (was_known and side.next == before) then
        this.payload_seconds, this.payload_nanoseconds = seconds, nanoseconds
    end
end

local function is_acknowledged(side, end_ms)
    return side.next == side.acked or end_ms - side.open_ms < IN_FLIGHT_MS
end

--- Whether the connection is quiet when the capture ends, at a time, but for what was found on it.
function quiet.holds(this, seconds, nanoseconds)
    local end_ms = since_start(this, seconds, nanoseconds)
    local one, other = this.sides[0], this.sides[1]
    return not this.is_loud and one.has_sent and other.has_sent and this.fins ~= 1
        and is_acknowledged(one, end_ms) and is_acknowledged(other, end_ms)
end

ffi.metatype("keepalive_quiet", quiet)

return quiet
