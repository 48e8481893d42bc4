-- SPDX-License-Identifier: GPL-2.0-or-later

local conversation = require "tests.lua.conversation"
local state = require "keepalive_state"

-- Plays a trace whose lines end in the states of client and server after that segment.
local function check_states(trace)
    local wanted, lines = {}, {}
    for line in trace:gmatch("[^\n]+") do
        if line:find("%S") then
            local segment, client, server = line:match("^%s*(.-)%s*|%s*(%S+)%s+(%S+)%s*$")
            lines[#lines + 1] = segment
            wanted[#wanted + 1] = segment .. " | " .. client .. " " .. server
        end
    end
    local talk = conversation.play(table.concat(lines, "\n"), { show_state = true })
    local found = {}
    for frame, line in ipairs(lines) do
        local sender_state, receiver_state = talk:states(frame):match("(%S+), (%S+)")
        local by_client = line:find("client", 1, true)
        found[frame] = line .. " | " .. (by_client and sender_state or receiver_state) .. " "
            .. (by_client and receiver_state or sender_state)
    end
    assert.are.equal(table.concat(wanted, "\n"), table.concat(found, "\n"))
end

describe("connection states (RFC 9293, 3.3.2, figure 5)", function()
    it("go through the three-way handshake (3.5, figure 6)", function()
        check_states [[
            0.000 client SYN | SYN-SENT SYN-RECEIVED
            0.001 server SYN | ESTABLISHED SYN-RECEIVED
            0.002 client ACK | ESTABLISHED ESTABLISHED
        ]]
    end)

    it("go through simultaneous synchronisation (3.5, figure 7)", function()
        check_states [[
            0.000 client SYN            | SYN-SENT SYN-RECEIVED
            0.001 server SYN no-ack     | SYN-RECEIVED SYN-RECEIVED
            0.002 client SYN seq-1      | SYN-RECEIVED ESTABLISHED
            0.003 server SYN seq-1      | ESTABLISHED ESTABLISHED
        ]]
    end)

    it("go through the normal close, the closer ends in TIME-WAIT (3.6, figure 12)", function()
        check_states [[
            0.000 client ACK | ESTABLISHED ESTABLISHED
            1.000 server FIN | CLOSE-WAIT FIN-WAIT-1
            1.001 client ACK | CLOSE-WAIT FIN-WAIT-2
            2.000 client FIN | LAST-ACK TIME-WAIT
            2.001 server ACK | CLOSED TIME-WAIT
        ]]
    end)

    it("skip FIN-WAIT-2 when the peer's FIN brings the acknowledgment", function()
        check_states [[
            0.000 client ACK | ESTABLISHED ESTABLISHED
            1.000 server FIN | CLOSE-WAIT FIN-WAIT-1
            1.001 client FIN | LAST-ACK TIME-WAIT
            1.002 server ACK | CLOSED TIME-WAIT
        ]]
    end)

    it("go through CLOSING when both FINs cross (3.6, figure 13)", function()
        check_states [[
            0.000 client ACK       | ESTABLISHED ESTABLISHED
            1.000 client FIN       | FIN-WAIT-1 CLOSE-WAIT
            1.001 server FIN ack-1 | CLOSING CLOSING
            1.002 client ACK       | CLOSING TIME-WAIT
            1.003 server ACK       | TIME-WAIT TIME-WAIT
        ]]
    end)

    it("close from SYN-RECEIVED without having been ESTABLISHED", function()
        check_states [[
            0.000 client SYN          | SYN-SENT SYN-RECEIVED
            0.001 server SYN          | ESTABLISHED SYN-RECEIVED
            0.002 server FIN          | CLOSE-WAIT FIN-WAIT-1
        ]]
    end)

    it("are CLOSED on both sides after a RST, in any state", function()
        check_states [[
            0.000 client SYN | SYN-SENT SYN-RECEIVED
            0.001 server RST | CLOSED CLOSED
        ]]
        check_states [[
            0.000 client ACK    | ESTABLISHED ESTABLISHED
            1.000 server FIN    | CLOSE-WAIT FIN-WAIT-1
            1.001 client ACK    | CLOSE-WAIT FIN-WAIT-2
            2.000 client len=10 | CLOSE-WAIT FIN-WAIT-2
            2.001 server RST    | CLOSED CLOSED
        ]]
    end)

    it("stay CLOSED on what follows a RST: every segment has a state", function()
        check_states [[
            0.000 client ACK    | ESTABLISHED ESTABLISHED
            1.000 server RST    | CLOSED CLOSED
            1.001 client len=10 | CLOSED CLOSED
            1.002 client RST    | CLOSED CLOSED
        ]]
    end)

    it("are not moved by a retransmitted FIN or an old acknowledgment", function()
        check_states [[
            0.000 client ACK          | ESTABLISHED ESTABLISHED
            1.000 server FIN          | CLOSE-WAIT FIN-WAIT-1
            1.001 client ACK ack-1    | CLOSE-WAIT FIN-WAIT-1
            1.200 server FIN seq-1    | CLOSE-WAIT FIN-WAIT-1
            1.201 client ACK          | CLOSE-WAIT FIN-WAIT-2
            1.202 client probe        | CLOSE-WAIT FIN-WAIT-2
        ]]
    end)

    it("are not known before a segment that the ends take notice of", function()
        local talk = conversation.play([[
            0.000 client len=10 no-ack
            1.000 client len=10
        ]], { show_state = true })
        assert.is_nil(talk.tracker.states[1])
        assert.are.equal("ESTABLISHED, ESTABLISHED", talk:states(2))
    end)

    it("have the numbers of the TCP-MIB (RFC 4022), each its own", function()
        for name in pairs(state.TRANSITIONS) do
            assert.are.equal(name, state.NAMES[state.NUMBERS[name]])
        end
        assert.are.equal(5, state.NUMBERS.ESTABLISHED)
        assert.are.equal(11, state.NUMBERS["TIME-WAIT"])
    end)

    it("raise for a state that does not exist, which is a bug", function()
        assert.has_error(function() state.after("HALF-OPEN", "got_fin") end)
    end)
end)
