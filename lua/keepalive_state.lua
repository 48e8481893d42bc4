-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Connection states of one side as the capture shows them (RFC 9293 section 3.3.2, figure 5). A segment counts as
-- received when the capture shows it. A capture that starts in the middle starts in ESTABLISHED.
--
-- These states are shown and decide nothing. A state cannot carry what the findings ask. They ask of one segment whether its
-- acknowledgment covers the peer's FIN, whether its payload is new, whether all that the side sent is acknowledged: these are
-- comparisons of sequence numbers (keepalive_side.lua), and true or false within one and the same state. A capture also lacks
-- segments, and a state that missed one stays wrong from there on; the numbers are right again with the next segment. And
-- most captures are read without states, which cost time on every segment.

local flags = require "keepalive_flags"
local seq = require "keepalive_seq"

local state = {}

--- The number of each state, as the TCP-MIB counts them (RFC 4022, tcpConnectionState), and the state of each number.
state.NUMBERS = {
    ["CLOSED"] = 1, ["SYN-SENT"] = 3, ["SYN-RECEIVED"] = 4, ["ESTABLISHED"] = 5, ["FIN-WAIT-1"] = 6, ["FIN-WAIT-2"] = 7,
    ["CLOSE-WAIT"] = 8, ["LAST-ACK"] = 9, ["CLOSING"] = 10, ["TIME-WAIT"] = 11,
}
state.NAMES = {}
for name, number in pairs(state.NUMBERS) do
    state.NAMES[number] = name
end

state.TRANSITIONS = {
    ["CLOSED"] = { sent_syn = "SYN-SENT", got_syn = "SYN-RECEIVED" },
    ["SYN-SENT"] = { got_syn_ack = "ESTABLISHED", got_syn = "SYN-RECEIVED" },
    ["SYN-RECEIVED"] = { got_ack = "ESTABLISHED", got_syn_ack = "ESTABLISHED", sent_fin = "FIN-WAIT-1", got_fin = "CLOSE-WAIT" },
    ["ESTABLISHED"] = { sent_fin = "FIN-WAIT-1", got_fin = "CLOSE-WAIT" },
    ["FIN-WAIT-1"] = { fin_acked = "FIN-WAIT-2", got_fin = "CLOSING" },
    ["FIN-WAIT-2"] = { got_fin = "TIME-WAIT" },
    ["CLOSING"] = { fin_acked = "TIME-WAIT" },
    ["CLOSE-WAIT"] = { sent_fin = "LAST-ACK", sent_crossing_fin = "CLOSING" },
    ["LAST-ACK"] = { fin_acked = "CLOSED" },
    ["TIME-WAIT"] = {},
}

--- The state after `event`; an event that changes nothing in this state leaves it as it is.
function state.after(current, event)
    if event == "reset" then
        return "CLOSED"
    end
    return state.TRANSITIONS[current][event] or current
end

local function apply(side, event)
    side.state = state.after(side.state, event)
end

--- Moves both sides on by one segment. `sender` and `receiver` are described in
-- keepalive_side.lua.
function state.observe(segment, sender, receiver)
    local syn, ack = flags.has(segment.flags, "syn"), flags.has(segment.flags, "ack")
    if not sender.state then
        local start = syn and "CLOSED" or "ESTABLISHED"
        sender.state, receiver.state = start, start
    end
    if flags.has(segment.flags, "rst") then
        apply(sender, "reset")
        apply(receiver, "reset")
        return
    end
    if syn then
        apply(sender, "sent_syn")
        apply(receiver, ack and "got_syn_ack" or "got_syn")
        return
    end
    if ack then
        apply(receiver, "got_ack")
        if receiver.closing.fin and seq.covers(segment.ack, receiver.closing.fin.end_seq) then
            apply(receiver, "fin_acked")
        end
    end
    if flags.has(segment.flags, "fin") then
        -- A FIN that does not acknowledge the peer's left before that one arrived (section 3.6, figure 13).
        local crosses = receiver.closing.fin and not seq.covers(segment.ack, receiver.closing.fin.end_seq)
        apply(sender, crosses and "sent_crossing_fin" or "sent_fin")
        apply(receiver, "got_fin")
    end
end

--- The states of both sides, to be put back later.
function state.both(side, peer)
    return { side.state, peer.state }
end

--- Puts states back that state.both() gave.
function state.put_back(states, side, peer)
    side.state, peer.state = states[1], states[2]
end

return state
