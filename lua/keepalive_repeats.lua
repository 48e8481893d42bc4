-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Retransmissions that nobody answers: RFC 9293 section 3.8.3 and RFC 1122 section 4.2.3.5. From the third one on (R1) the
-- peer or the path counts as gone. Linux then says so to the application after tcp_retries2 or TCP_USER_TIMEOUT and sends
-- nothing more (tcp_write_err() in net/ipv4/tcp_timer.c); other stacks send an RST. Writes `repeats` and
-- `again` of a side.

local seq = require "keepalive_seq"

local repeats = {}

local NEEDED = 3
-- What comes sooner is a copy of the frame, as a mirror port shows it: no retransmission timer is that short.
local COPIES_WITHIN = 10000000

--- Payload or a FIN once more, of which the receiver has not acknowledged all.
function repeats.note(segment, sender, receiver)
    local this = sender.repeats
    if not this or (receiver.last_frame or 0) > this.last_frame then
        -- The peer was heard: the count starts anew.
        this = { count = 0, last_frame = segment.frame }
        sender.repeats = this
    end
    -- The copy may be of new payload or of a FIN, too, which came behind what is sent again.
    if not sender.data_time or segment.time - sender.data_time >= COPIES_WITHIN then
        this.count, this.last_frame = this.count + 1, segment.frame
    end
end

--- Payload once more of which the receiver has acknowledged all: the acknowledgment has not reached the sender.
function repeats.note_acknowledged(segment, sender)
    local before = sender.again
    local is_same = before and before.end_seq == segment.end_seq
    sender.again = { end_seq = segment.end_seq, count = is_same and before.count + 1 or 1 }
end

--- The side sent something new, or a probe: it had the acknowledgment.
function repeats.forget_acknowledged(side)
    if side.again then
        side.again = nil
    end
end

--- Whether the side goes on sending what was acknowledged: the first time the acknowledgment may have been late, and by the
-- second time it should have had the one that the first copy drew (RFC 9293 section 3.10.7.4).
function repeats.lacks_acknowledgment(side)
    return side.again ~= nil and side.again.count > 1
end

--- The retransmissions of a side to which the peer was silent: { count, last_frame }, or nil.
function repeats.unanswered(side, peer)
    local this = side.repeats
    local is_open = this and this.count > 0 and peer.seen and (peer.last_frame or 0) < this.last_frame
        and not (side.snd_una and seq.covers(side.snd_una, side.snd_nxt))
    return is_open and this or nil
end

--- What the side sent first of what is not acknowledged: payload, or the FIN alone.
function repeats.first_of(side)
    local out = side.outstanding
    return out and out.frame and out or side.closing.fin
end

--- The data of the finding "retransmission_timeout" at `time`, and its level; nil when it does not hold.
function repeats.timeout(side, peer, ended_by, time)
    local this, first = repeats.unanswered(side, peer), repeats.first_of(side)
    if not this or not first or this.count < NEEDED then
        return nil
    end
    local last = side.last_data
    -- A TLS closing alert says no more than the FIN behind it.
    local has_payload = first ~= side.closing.fin
        and not (side.closing.fin and last and last.frame == first.frame and last.is_alert)
    return {
        by = side.name,
        data = first.frame,
        repeats = this.count,
        last_repeat = this.last_frame,
        waited = time - first.time,
        last_heard = peer.last_frame,
        ended_by = ended_by,
    }, has_payload and "WARN" or "NOTE", this.last_frame
end

return repeats
