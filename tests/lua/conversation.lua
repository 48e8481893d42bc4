-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Lets a spec read like a trace: one line a segment, and behind the colon what the plugin must say of it.
--
--   local OPEN = [[
--       0.000 client SYN
--       0.001 server SYN
--       0.002 client ACK
--   ]]
--   conversation.check(OPEN .. [[
--       5.002 client probe        : => probe           "=>": only later frames prove what follows (written back)
--       5.003 server ACK          : answer
--       9.000 client len=10
--       9.001 server ACK          : late/WARN          a level is named when it is not the finding's usual one
--       9.500 end                                      the capture's last frame has this time
--       9.500 anew                                     frames before the next one were left out
--   ]])
--
-- A line is: seconds, sender, then words in any order:
--   SYN FIN RST    the flag; ACK is set on all but the first SYN
--   URG ECE CWR    the flag
--   no-ack         ACK is not set
--   ACK            nothing but an acknowledgment
--   probe          one sequence number back, no payload ("probe len=1" carries a garbage byte)
--   len=N          payload; PSH is set on it, but not on a probe's garbage byte, nor with no-psh
--   seq-N seq+N    that far from the sender's next sequence number
--   ack-N ack+N    that far from what the peer sent so far
--   win=N          the window field, 500 if not given
--   ts=N ecr=N     TSval and TSecr, 0 if not given; without ts=N there is no such option
--   tls-alert      the payload begins like a TLS alert
--   tls13-alert    the payload is a TLS alert as TLS 1.3 encrypts it
--   octet-21       the payload begins with the same octet, but is not TLS
--   lost           sent, but not in the capture
--   copy           the sender's last segment once more, as a mirror port shows it
-- Empty lines are allowed. With the option `alone` the capture shows no other frames: what rests between these lines is a
-- rest of the capture. There "9.000 other" is a frame of something else. `no_ids`: the packets have no IP identification;
-- `zero_ids`: all have that of a kernel that does not count.

local expect = require "luassert"

local catalogue = require "keepalive_catalogue"
local flags_of = require "keepalive_flags"
local tracker_of = require "keepalive_tracker"

local conversation = {}

conversation.SECOND = 1000000000
conversation.MS = 1000000

local FLAGS = { FIN = 1, SYN = 2, RST = 4, URG = 32, ECE = 64, CWR = 128 }
local PSH, ACK = 8, 16
local DEFAULTS = { idle = 0, interval = 0, slack = 200 * conversation.MS, min_gap = 900 * conversation.MS, probes = 0 }
local PEER = { client = "server", server = "client" }
local MODULUS = 4294967296
local WORDS = {
    SYN = true, FIN = true, RST = true, ACK = true, ["no-ack"] = true, probe = true, ["tls-alert"] = true,
    ["tls13-alert"] = true, ["octet-21"] = true, lost = true, copy = true, URG = true, ECE = true, CWR = true,
    ["no-psh"] = true,
}
local NUMBERS = { len = true, seq = true, ack = true, win = true, ts = true, ecr = true }

--- Nanoseconds of a text of decimal seconds.
local function nanoseconds(text)
    return math.floor(tonumber(text) * conversation.SECOND + 0.5)
end

local function endpoints_of(sender)
    return function() return sender, PEER[sender] end
end

local function words_of(text)
    local words, numbers = {}, {}
    for word in text:gmatch("%S+") do
        local name, number = word:match("^(%a+)=?([-+]?%d+)$")
        assert(NUMBERS[name] or WORDS[word], "no such word: " .. word)
        if name then
            numbers[name] = tonumber(number)
        else
            words[word] = true
        end
    end
    return words, numbers
end

local function flags_word(words, len)
    local word = (words["no-ack"] and 0 or ACK) + (len > 0 and not words.probe and not words["no-psh"] and PSH or 0)
    for name, bit in pairs(FLAGS) do
        word = word + (words[name] and bit or 0)
    end
    return word
end

local function first_octets(words)
    return words["tls-alert"] and "\21\3" or words["tls13-alert"] and "\23\3" or words["octet-21"] and "\21\20" or "GE"
end

-- The segment of one line; the two sides' next sequence numbers move on with it.
local function segment_of(talk, sender, text)
    local words, numbers = words_of(text)
    words["no-ack"] = words["no-ack"] or (words.SYN and #talk.frames == 0)
    local len, back = numbers.len or (words["tls-alert"] and 31) or (words["tls13-alert"] and 24) or 0, words.probe and -1 or 0
    local seq = (talk.nxt[sender] + (numbers.seq or 0) + back) % MODULUS
    local flags = flags_word(words, len)
    local end_seq = seq + len + (words.SYN and 1 or 0) + (words.FIN and 1 or 0)
    local beyond = (end_seq - talk.nxt[sender]) % MODULUS
    local ack = flags_of.has(flags, "ack") and (talk.nxt[PEER[sender]] + (numbers.ack or 0)) % MODULUS or 0
    if beyond < MODULUS / 2 then
        talk.nxt[sender] = end_seq % MODULUS
    end
    if talk.ids then
        talk.ids[sender] = talk.ids[sender] + 1
    end
    return {
        stream = 0,
        source = sender,
        ip_id = talk.ids and (talk.zero_ids and 0 or talk.ids[sender]) or nil,
        seq = seq,
        ack = ack,
        len = len,
        flags = flags,
        window = numbers.win or 500,
        endpoints = endpoints_of(sender),
        first_octets = function() return first_octets(words):byte(1, 2) end,
        timestamps = function() return numbers.ts, numbers.ts and (numbers.ecr or 0) end,
    }, words.lost
end

-- The segment of one line, as the tracker gets it, and whether the capture lacks it. The tracker writes into its segment,
-- so a copy is a new table.
local function next_segment(talk, sender, text)
    local segment, is_lost
    if text:find("%f[%w]copy%f[%W]") then
        segment = {}
        for name, value in pairs(talk.last[sender]) do
            segment[name] = value
        end
    else
        segment, is_lost = segment_of(talk, sender, text)
    end
    talk.last[sender] = segment
    return not is_lost and segment
end

local function shown(records)
    local names = {}
    for _, record in ipairs(records or {}) do
        local usual = catalogue.get(record.id).levels[1]
        names[#names + 1] = record.level == usual and record.id or record.id .. "/" .. record.level
    end
    return table.concat(names, ", ")
end

local function step(talk, line)
    local time, rest = line:match("^%s*([%d.]+)%s+(.-)%s*$")
    local text, expected = rest:match("^(.-)%s*:%s*(.-)$")
    text = text or rest
    local before, after = (expected or ""):match("^(.-)%s*=>%s*(.*)$")
    talk.last_time = nanoseconds(time)
    if text == "end" then
        talk.tracker:finish(talk.last_time)
        talk.is_ended = true
        return
    end
    if text == "anew" then
        talk.tracker:begin_anew(talk.last_time)
        return
    end
    local function note(name)
        local number = #talk.frames + 1
        talk.frames[number] = {
            text = time .. " " .. name,
            expected_then = before or expected or "",
            expected_now = after or expected or "",
            found_then = shown(talk.tracker:records(number)),
        }
    end
    if text == "other" then
        talk.tracker:pass(#talk.frames + 1, nanoseconds(time))
        note(text)
        return
    end
    local sender, what = text:match("^(%a+)%s+(.*)$")
    assert(PEER[sender], "no such sender in: " .. line)
    local segment = next_segment(talk, sender, what)
    if not segment then
        return
    end
    segment.frame, segment.time = #talk.frames + 1, nanoseconds(time)
    if talk.is_alone then
        talk.tracker:pass(segment.frame, segment.time)
    end
    talk.tracker:observe(segment)
    note(text)
end

local function rendered(frames, then_key, now_key)
    local lines = {}
    for number, frame in ipairs(frames) do
        local known, final = frame[then_key], frame[now_key]
        lines[number] = number .. "  " .. frame.text .. " : " .. (known == final and known or known .. " => " .. final)
    end
    return table.concat(lines, "\n")
end

local talk_mt = {}
talk_mt.__index = talk_mt

--- All records of a finding so far, in frame order: { frame, level, data } each.
function talk_mt:all(id)
    local list = {}
    for number in ipairs(self.frames) do
        for _, record in ipairs(self.tracker:records(number) or {}) do
            if record.id == id then
                list[#list + 1] = { frame = number, level = record.level, data = record.data }
            end
        end
    end
    return list
end

--- The data of the only record of a finding. Raises when there is none or more than one.
function talk_mt:only(id)
    local list = self:all(id)
    assert(#list == 1, #list .. " records of " .. id .. " instead of one")
    return list[1].data
end

--- The states of sender and receiver after a frame, as one text: "SYN-SENT, SYN-RECEIVED".
function talk_mt:states(frame)
    return table.concat(self.tracker.states[frame], ", ")
end

--- Plays a trace without checking it. `options` may set the tracker's settings and client_isn, server_isn.
function conversation.play(trace, options)
    options = options or {}
    local settings = {}
    for name, value in pairs(DEFAULTS) do
        settings[name] = options[name] or value
    end
    settings.show_state = options.show_state
    local talk = setmetatable({
        tracker = tracker_of.new(settings),
        is_alone = options.alone,
        ids = not options.no_ids and { client = 100, server = 200 },
        zero_ids = options.zero_ids,
        nxt = { client = options.client_isn or 1000, server = options.server_isn or 5000 },
        last = {},
        frames = {},
    }, talk_mt)
    for line in trace:gmatch("[^\n]+") do
        if line:find("%S") then
            step(talk, line)
            if options.ends_each_time then
                talk.tracker:finish(talk.last_time)
            end
        end
    end
    for number, frame in ipairs(talk.frames) do
        frame.found_now = shown(talk.tracker:records(number))
    end
    return talk
end

local function with(options, name, value)
    local changed = { [name] = value }
    for other, its in pairs(options or {}) do
        changed[other] = its
    end
    return changed
end

-- All that is told of each frame in the end, with its data.
local function told(talk)
    local lines = {}
    for number in ipairs(talk.frames) do
        for _, record in ipairs(talk.tracker:records(number) or {}) do
            local data = {}
            for name, value in pairs(record.data) do
                data[#data + 1] = name .. "=" .. tostring(value)
            end
            table.sort(data)
            lines[#lines + 1] = number .. " " .. record.id .. "/" .. record.level .. " " .. table.concat(data, " ")
        end
    end
    return table.concat(lines, "\n")
end

-- A live capture ends each time that Wireshark draws: what was said then is withdrawn, and the end of all is the same.
local function check_that_an_end_leaves_no_trace(trace, options, talk)
    local live = conversation.play(trace, with(options, "ends_each_time", true))
    if not talk.is_ended then
        talk.tracker:finish(talk.last_time)
    end
    expect.are.equal(told(talk), told(live))
end

--- Plays a trace and asserts that each frame got the findings its line names, at once and in the end; and that it makes no
-- difference if the capture seemed to end before each of them.
function conversation.check(trace, options)
    local talk = conversation.play(trace, options)
    check_that_an_end_leaves_no_trace(trace, options, conversation.play(trace, options))
    expect.are.equal("\n" .. rendered(talk.frames, "expected_then", "expected_now"),
        "\n" .. rendered(talk.frames, "found_then", "found_now"))
    return talk
end

--- Trace lines of `count` probes of `sender`, the first at `first` seconds, `gap` seconds apart, each answered 1 ms later.
function conversation.answered(sender, first, gap, count)
    local lines = {}
    for i = 0, count - 1 do
        lines[#lines + 1] = string.format("%.9f %s probe : probe\n%.9f %s ACK : answer\n",
            first + i * gap, sender, first + i * gap + 0.001, PEER[sender])
    end
    return table.concat(lines)
end

--- The handshake, a request and its response, both acknowledged: frames 1 to 7, the last at 1.003 s.
conversation.OPEN = [[
    0.000 client SYN
    0.001 server SYN
    0.002 client ACK
    1.000 client len=10
    1.001 server ACK
    1.002 server len=20
    1.003 client ACK
]]

return conversation
