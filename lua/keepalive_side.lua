-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- One side of a connection: what is kept of it, who writes it, and who reads it. Each part has one writer.
--
--   part      written by   what it is                                                                   read by
--   snd_nxt   connection   SND.NXT: the number after all that the side is known to have sent            probe, close, reset, schedule
--   snd_una   connection   SND.UNA: the number up to which the peer has acknowledged                    probe, close, reset, schedule
--   snd_wnd   connection   SND.WND: the window that the peer offered last, unscaled                     probe, reset, schedule
--   hole_end  connection   the number at which bytes end that the side sent and the capture lacks;
--                          nil unless it is SND.NXT                                                     close, reset
--   seen, last_frame, last_seq   connection: whether the capture has a segment of the side, the last
--                          one and its number                                                           icmp, probe, close, reset, schedule
--   data_time, last_sent   connection: its last payload, SYN or FIN that was not acknowledged, repeats
--                          too; the last one with payload                                               probe, repeats, reset
--   last_data, acked_data  payload: its last new payload; the last one that the peer acknowledged       close, reset
--   outstanding, tail      payload: where what is not acknowledged begins; what may be its farewell     repeats, reset
--   round_trips, least_round_trip   payload: how many round trips to it were seen, and the least        probe, reset
--   repeats   repeats      its retransmissions since the peer was heard last                            reset, tracker
--   again     repeats      what it sends again although the peer has acknowledged it: { end_seq, count }        schedule
--   syn_time, has_answered_syn   connection: the handshake                                              -
--   schedule  schedule     when its next probe is due; connection and probe tell it what went by        gap, probe, reset
--   probing   probe        pending (the probe that waits for its answer), candidates, acknowledged_byte, unanswered,
--                          first_unanswered, last_time, last_seq and last_echo (of its last probe), answer_value (the
--                          TSval of the answer to it)                                                   connection, gap, reset
--             late         open (in it: the probes that may still be answered)                          -
--   closing   close        fin (its FIN), open_writes (after the peer's FIN), half_close_proven         all
--   rest, ip_id, follows_last   hole: the rest of the capture of which nothing tells yet; its last IP
--                          identification; whether that was right after the one before                  gap, probe
--   open_gap, open_judged, odd_gaps, told_until   gap: the record of a gap that is not over, and how it was judged
--                          first; the records of the gaps in a row that a probe ended too late; until when what was
--                          due and did not come has been told                                           hole, probe
--   reading, tick  host_clock   its timestamp that was read last, { time, value, behind (how far its clock fell behind the
--                          capture's since the reading before) }; the length of its tick                held
--   held      held         gaps that a probe ended which may have been held back on the way             -
--   state     state        its RFC 9293 state, when these are shown                                     tracker
--
-- SND.NXT, SND.UNA and SND.WND are those of RFC 9293 section 3.3.1, as far as the capture shows them.

local schedule = require "keepalive_schedule"

local side = {}

-- What a part is before its file has written to it: most sides never probe or close, so they share one table.
local NOTHING = setmetatable({}, {
    __index = { unanswered = 0 },
    __newindex = function() error("a part of a side is written to that is not its own", 2) end,
})
local OWN = { __index = { unanswered = 0 } }
local AT_FIRST = { __index = { seen = false } }

--- A side. `name` is its "address:port".
function side.new(settings, name)
    return setmetatable({
        name = name,
        schedule = schedule.new(settings),
        probing = NOTHING,
        closing = NOTHING,
    }, AT_FIRST)
end

--- The part "probing" or "closing" of a side, to be written to.
function side.own(this, part)
    local owned = this[part]
    if owned == NOTHING then
        owned = setmetatable({}, OWN)
        this[part] = owned
    end
    return owned
end

--- Forgets how long ago anything was on this side, probes too: the clock was set back, or the capture has a hole.
function side.forget_times(this)
    this.schedule:forget_times()
    this.data_time, this.told_until, this.held = nil, nil, nil
    local probing = this.probing
    if probing ~= NOTHING then
        probing.last_time, probing.pending, probing.candidates, probing.acknowledged_byte = nil, nil, nil, nil
    end
end

return side
