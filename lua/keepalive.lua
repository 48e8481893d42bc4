-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- TCP keep-alive post-dissector for Wireshark: the adapter between Wireshark and the tracker, and the only file that
-- names Wireshark's API. Collects on the first pass, draws on every pass.
-- Install: the folder with this file and keepalive_*.lua goes into the personal Lua plugin folder as "keepalive".

local catalogue = require "keepalive_catalogue"
local tracker_of = require "keepalive_tracker"

local VERSION = "0.1.0"
local NS_PER_S = 1000000000
local NS_PER_MS = 1000000

local abs, byte, floor, max = math.abs, string.byte, math.floor, math.max

local registered, proto = pcall(Proto, "keepalive", "TCP Keep-Alive Analysis")
if not registered then
    -- Loaded a second time (say, installed and given on the command line): the first one serves.
    return
end
set_plugin_info({
    version = VERSION,
    author = "The Keepalive project",
    description = "Marks TCP keep-alive probes, missed intervals and writes after a FIN",
})

-- All that is read. Every field costs time on every frame, so what the TCP header says is taken from its octets.
local read = {
    tcp = Field.new("tcp"),
    stream = Field.new("tcp.stream"),
    len = Field.new("tcp.len"),
    icmp = Field.new("icmp"),
    icmpv6 = Field.new("icmpv6"),
    time = Field.new("frame.time"),
}

-- Fields, one set per finding as the catalogue declares them -----------------------------------------------------

local LEVELS = {
    CHAT = { name = "Chat", severity = expert.severity.CHAT },
    NOTE = { name = "Note", severity = expert.severity.NOTE },
    WARN = { name = "Warn", severity = expert.severity.WARN },
    ERROR = { name = "Error", severity = expert.severity.ERROR },
}

local MAKE_FIELD = {
    duration = function(abbrev, label) return ProtoField.relative_time(abbrev, label) end,
    moment = function(abbrev, label) return ProtoField.absolute_time(abbrev, label, base.LOCAL) end,
    frame = function(abbrev, label) return ProtoField.framenum(abbrev, label, base.NONE, frametype.NONE) end,
    count = function(abbrev, label) return ProtoField.uint32(abbrev, label, base.DEC) end,
    text = function(abbrev, label) return ProtoField.string(abbrev, label) end,
}

local pf = {
    finding = ProtoField.string("keepalive.finding", "Finding"),
    level = ProtoField.string("keepalive.level", "Level"),
    summary = ProtoField.string("keepalive.summary", "Summary"),
    record = ProtoField.string("keepalive.record", "Record for programs"),
    related = ProtoField.framenum("keepalive.related", "Related frame", base.NONE, frametype.NONE),
    failed = ProtoField.string("keepalive.failed", "The plugin failed"),
    state_source = ProtoField.string("keepalive.state.src", "State of the sender after this segment"),
    state_destination = ProtoField.string("keepalive.state.dst", "State of the receiver after this segment"),
}
local pf_finding, pf_data, ef_finding = {}, {}, {}
local ef_failed = ProtoExpert.new("keepalive.failed.expert", "The keep-alive plugin failed", expert.group.DEBUG,
    expert.severity.ERROR)
local all_fields, all_experts = {}, { ef_failed }
for _, field in pairs(pf) do
    all_fields[#all_fields + 1] = field
end
for _, finding in ipairs(catalogue.findings) do
    local abbrev = "keepalive." .. finding.id
    pf_finding[finding.id] = ProtoField.none(abbrev, finding.title)
    all_fields[#all_fields + 1] = pf_finding[finding.id]
    pf_data[finding.id], ef_finding[finding.id] = {}, {}
    for _, declared in ipairs(finding.data) do
        local name, kind, label = declared[1], declared[2], declared[3]
        local field = MAKE_FIELD[kind](abbrev .. "." .. name, label)
        pf_data[finding.id][name] = field
        all_fields[#all_fields + 1] = field
    end
    -- One filter name for all levels of a finding: Wireshark matches fields that share a name as one.
    for _, level in ipairs(finding.levels) do
        local expert_field = ProtoExpert.new(abbrev .. ".expert", finding.title, expert.group.SEQUENCE,
            LEVELS[level].severity)
        ef_finding[finding.id][level] = expert_field
        all_experts[#all_experts + 1] = expert_field
    end
end
proto.fields = all_fields
proto.experts = all_experts

-- Preferences -------------------------------------------------------------------------------------------------------

local prefs = proto.prefs
prefs.idle = Pref.uint("Idle time (ms, 0 = learn)", 0,
    "TCP_KEEPIDLE of the probing side: silence before the first probe. 0 learns it from the capture.")
prefs.interval = Pref.uint("Interval (ms, 0 = learn)", 0,
    "TCP_KEEPINTVL of the probing side: spacing of unanswered probes. 0 learns it from the capture.")
prefs.probes = Pref.uint("Probes (0 = learn)", 0,
    "TCP_KEEPCNT of the probing side: unanswered probes until it gives up. 0 takes what the capture shows.")
prefs.slack = Pref.uint("Slack (ms)", 200,
    "How much later than due, on top of the kernel's timer rounding, a probe may come without being late.")
prefs.min_gap = Pref.uint("Smallest gap (ms)", 900,
    "A probe breaks a silence of at least this length; whatever comes sooner is something else.")
prefs.show_state = Pref.bool("Show the RFC 9293 state of both sides", false,
    "Adds the connection state of sender and receiver to every segment.")
prefs.quiet = Pref.bool("Quiet healthy probes", false,
    "Probes and answers keep their fields and colours but raise no expert information.")

local function settings()
    return {
        idle = prefs.idle * NS_PER_MS,
        interval = prefs.interval * NS_PER_MS,
        probes = prefs.probes,
        slack = prefs.slack * NS_PER_MS,
        min_gap = max(1, prefs.min_gap) * NS_PER_MS,
        show_state = prefs.show_state,
    }
end

-- State of one capture: born and dies in proto.init() -----------------------------------------------------------------

local tracker, first_moment, last_time, last_collected, is_finished

-- The first failure: { frame, text }. Detection stops there, so no later frame is judged. It is state, and not left to
-- Wireshark: a Lua error of the first pass is thrown away when there is a second one.
local failure

-- Where the capture's clock was set back: { since, by } each, in ns. Behind such a place the tracker's time goes on from
-- the latest that was seen, so that no time passes backwards.
local steps_back
-- What is to be added to rel_ts for that reason, or because the user has set a time reference.
local time_lost

function proto.init()
    tracker, first_moment, last_time = tracker_of.new(settings()), nil, 0
    last_collected, is_finished, steps_back, time_lost, failure = 0, false, {}, 0, nil
end

-- Reading -----------------------------------------------------------------------------------------------------------

-- RFC 9293 section 3.1: source port, destination port, sequence number, acknowledgment number, data offset, flags, window.
local HEADER_READ = 16
local SHORTEST_HEADER = 20
local IPV4_HEADER, IPV6_HEADER = 20, 40
-- The TCP header that an ICMP error quotes lies behind two IP headers and ICMP's own.
local FIRST_QUOTED_OFFSET = 20 + 8 + 20

-- Frames of several interfaces may be this much out of order; what goes back further is a clock that was set back.
local OUT_OF_ORDER = NS_PER_S

local this_pinfo, this_frame, this_offset

local segment = {}

-- The addresses in the IP header right before the TCP header, as text; nil when it lies elsewhere, or has extension
-- headers. Not simply pinfo's: those are the innermost ones, which may be of a packet that the payload carries.
local function addresses_before_tcp()
    if this_offset >= IPV4_HEADER and this_offset <= this_frame:len() then
        local octets = this_frame:raw(this_offset - IPV4_HEADER, IPV4_HEADER)
        if byte(octets, 1) == 0x45 and byte(octets, 10) == 6 then
            return string.format("%d.%d.%d.%d", byte(octets, 13, 16)), string.format("%d.%d.%d.%d", byte(octets, 17, 20))
        end
    end
    if this_offset >= IPV6_HEADER and this_offset <= this_frame:len() then
        local octets = this_frame:raw(this_offset - IPV6_HEADER, IPV6_HEADER)
        if floor(byte(octets, 1) / 16) == 6 and byte(octets, 7) == 6 then
            local groups = "%02x%02x:%02x%02x:%02x%02x:%02x%02x:%02x%02x:%02x%02x:%02x%02x:%02x%02x"
            return tostring(Address.ipv6(groups:format(byte(octets, 9, 24)))),
                tostring(Address.ipv6(groups:format(byte(octets, 25, 40))))
        end
    end
    return nil
end

local function addresses()
    local source, destination = addresses_before_tcp()
    return source or tostring(this_pinfo.src), destination or tostring(this_pinfo.dst)
end

function segment.endpoints()
    local source, destination = addresses()
    local function name(address, port)
        return (address:find(":", 1, true) and "[" .. address .. "]:" or address .. ":") .. port
    end
    return name(source, segment.source_port), name(destination, segment.destination_port)
end

function segment.payload()
    local tcp = read.tcp()
    local octets, start = tcp.source, tcp.offset + segment.header_len
    return octets:len() >= start + 2 and octets:raw(start, 2) or ""
end

local function relative_time(ns)
    local sign = ns < 0 and -1 or 1
    local span = abs(ns)
    return NSTime.new(sign * floor(span / NS_PER_S), sign * (span % NS_PER_S))
end

-- The exact time since the capture's first frame, in ns; nil for a frame that has no time (a Simple Packet Block of
-- pcapng), or as long as Wireshark hands out no fields.
local function exact_ns(since_first)
    local time = read.time()
    if not time then
        return nil
    end
    first_moment = first_moment or time.value - relative_time(since_first)
    local exact = time.value - first_moment
    return exact.secs * NS_PER_S + exact.nsecs
end

-- The tracker's time of a frame, in ns, which never goes back by more than frames may be out of order. Nil without one.
-- rel_ts is exact, too: a double of seconds, good to a nanosecond for weeks. But it counts from 0 again behind a time
-- reference that the user has set.
local function steady_ns(pinfo)
    local since_first = floor(pinfo.rel_ts * NS_PER_S + 0.5)
    local steady = since_first + time_lost
    if since_first ~= 0 and first_moment and steady >= last_time - OUT_OF_ORDER then
        return steady
    end
    local exact = exact_ns(since_first)
    if not exact then
        return nil
    end
    local by = steps_back[1] and steps_back[#steps_back].by or 0
    if exact + by < last_time - OUT_OF_ORDER then
        by = last_time - exact
        steps_back[#steps_back + 1] = { since = last_time, by = by }
    end
    time_lost = exact + by - since_first
    return exact + by
end

-- The outermost TCP header is the live one; the segment quoted in an ICMP error is not on its way anywhere.
local function is_quoted()
    return read.icmp() or read.icmpv6()
end

local function set_header(s1, s2, d1, d2, q1, q2, q3, q4, a1, a2, a3, a4, data_offset, flags, w1, w2)
    segment.source_port, segment.destination_port = s1 * 256 + s2, d1 * 256 + d2
    segment.seq = q1 * 16777216 + q2 * 65536 + q3 * 256 + q4
    segment.ack = a1 * 16777216 + a2 * 65536 + a3 * 256 + a4
    segment.header_len = (data_offset - data_offset % 16) / 4
    segment.flags, segment.window = flags, w1 * 256 + w2
end

-- Reads the header behind a whole IPv4 header without options: the usual case, and four times as fast as the fields.
-- Returns whether it is there. Wireshark found its TCP header at `offset`; that it lies in these octets, and not in a
-- reassembled datagram, is what the IPv4 header right before it says.
local function read_behind_ipv4(offset)
    local captured = this_frame:len()
    if offset < IPV4_HEADER or captured < offset + HEADER_READ then
        return false
    end
    local octets = this_frame:raw(offset - IPV4_HEADER, IPV4_HEADER + HEADER_READ)
    local version, _, t1, t2, _, _, fragment1, fragment2, _, protocol = byte(octets, 1, 10)
    -- The lower 14 bits of the fourth word: more fragments, and the fragment's offset.
    if version ~= 0x45 or protocol ~= 6 or fragment2 ~= 0 or fragment1 % 64 ~= 0 then
        return false
    end
    local total = t1 * 256 + t2
    local end_of_packet = offset - IPV4_HEADER + total
    if end_of_packet > captured and end_of_packet > this_frame:reported_len() then
        return false
    end
    set_header(byte(octets, IPV4_HEADER + 1, IPV4_HEADER + HEADER_READ))
    segment.len = total - IPV4_HEADER - segment.header_len
    return segment.header_len >= SHORTEST_HEADER and segment.len >= 0
end

-- Reads the header that Wireshark dissected, wherever it lies. Returns whether there is one whole enough to judge.
local function read_fields()
    local tcp, len = read.tcp(), read.len()
    if not tcp or not len or tcp.len < HEADER_READ then
        return false
    end
    set_header(byte(tcp.range:raw(0, HEADER_READ), 1, HEADER_READ))
    segment.len = len.value
    return segment.header_len >= SHORTEST_HEADER
end

-- Fills `segment` (one table for all, since making one for each frame is slow) and has it judged, when there is one.
local function collect(octets, pinfo, frame, time, stream)
    local offset = stream.offset
    this_frame, this_pinfo, this_offset = octets, pinfo, offset
    if (offset < FIRST_QUOTED_OFFSET or not is_quoted()) and (read_behind_ipv4(offset) or read_fields()) then
        segment.frame, segment.time, segment.clock_steps = frame, time, #steps_back
        segment.stream, segment.source = stream.value, segment.source_port
        if segment.source_port == segment.destination_port then
            segment.source = addresses()
        end
        tracker:observe(segment)
    end
    this_frame, this_pinfo = nil, nil
end

-- Drawing -----------------------------------------------------------------------------------------------------------

local function absolute_time(steady)
    -- The last step before that time; a capture that was not sorted may have thousands.
    local before, behind = 0, #steps_back + 1
    while behind - before > 1 do
        local middle = floor((before + behind) / 2)
        if steady > steps_back[middle].since then
            before = middle
        else
            behind = middle
        end
    end
    local back = before > 0 and steps_back[before].by or 0
    local nanos = first_moment.nsecs + steady - back
    return NSTime.new(first_moment.secs + floor(nanos / NS_PER_S), nanos % NS_PER_S)
end

local TO_VALUE = { duration = relative_time, moment = absolute_time }

-- What a number means is said by the end of its name.
local SUFFIX = { duration = "_ns", moment = "_at_ns", frame = "_frame", count = "", text = "" }

-- One finding in one string, "id|level|name=value|...": all numbers are integers, durations and moments (since the
-- capture's first frame) in ns.
local function for_programs(record, declared)
    local parts = { record.id, LEVELS[record.level].name }
    for _, datum in ipairs(declared.data) do
        local value = record.data[datum[1]]
        if value then
            local shown = type(value) == "number" and string.format("%.0f", value) or (value:gsub("|", "/"))
            parts[#parts + 1] = datum[1] .. SUFFIX[datum[2]] .. "=" .. shown
        end
    end
    return table.concat(parts, "|")
end

local function draw_record(tree, record)
    local declared = catalogue.get(record.id)
    local sentence = catalogue.sentence(record)
    tree:add(pf.finding, record.id):set_generated()
    tree:add(pf.level, LEVELS[record.level].name):set_generated()
    tree:add(pf.summary, sentence):set_generated()
    tree:add(pf.record, for_programs(record, declared)):set_generated():set_hidden()
    local item = tree:add(pf_finding[record.id]):set_generated()
    item:append_text(": " .. sentence)
    for _, datum in ipairs(declared.data) do
        local name, kind = datum[1], datum[2]
        local value = record.data[name]
        if value then
            local to_value = TO_VALUE[kind]
            item:add(pf_data[record.id][name], to_value and to_value(value) or value):set_generated()
        end
    end
    if not (prefs.quiet and record.level == "CHAT") then
        item:add_proto_expert_info(ef_finding[record.id][record.level], sentence)
    end
end

local function draw_related(tree, records)
    local drawn = {}
    for _, record in ipairs(records) do
        for _, datum in ipairs(catalogue.get(record.id).data) do
            local value = record.data[datum[1]]
            if datum[2] == "frame" and value and not drawn[value] then
                drawn[value] = true
                tree:add(pf.related, value):set_generated()
            end
        end
    end
end

local function draw(tree, records, states)
    local item = tree:add(proto, proto.description):set_generated()
    if records then
        for _, record in ipairs(records) do
            draw_record(item, record)
        end
        draw_related(item, records)
    end
    if states then
        item:add(pf.state_source, states[1]):set_generated()
        item:add(pf.state_destination, states[2]):set_generated()
    end
end

local function draw_known(tree, frame)
    local records, states = tracker:records(frame), tracker.states and tracker.states[frame]
    if records or states then
        draw(tree, records, states)
    end
end

local function judge_and_draw(octets, pinfo, tree)
    local frame = pinfo.number
    -- Not pinfo.visited: "tshark -2" without a filter gives its first pass no fields, and says "visited" in the second.
    if frame > last_collected then
        local stream, time = read.stream(), steady_ns(pinfo)
        if time then
            if stream then
                last_collected, is_finished = frame, false
                collect(octets, pinfo, frame, time, stream)
            end
            last_time = max(last_time, time)
        end
    elseif not is_finished then
        -- The first frame that comes round again: the first pass is over, so the capture's end is known.
        tracker:finish(last_time)
        is_finished = true
    end
    draw_known(tree, frame)
end

-- On the frame that the plugin failed on, and on all behind it.
local function draw_failure(tree, frame)
    local item = tree:add(pf.failed, string.format("in frame %d: %s", failure.frame, failure.text)):set_generated()
    if frame == failure.frame then
        item:add_proto_expert_info(ef_failed, "The keep-alive plugin failed, and judges no frame from here on")
    end
end

function proto.dissector(octets, pinfo, tree)
    if not failure then
        local is_fine, problem = pcall(judge_and_draw, octets, pinfo, tree)
        if is_fine then
            return
        end
        -- Without the folder, which is nobody's business.
        failure = { frame = pinfo.number, text = (tostring(problem):gsub("^.*[/\\]([%w_]+%.lua:)", "%1")) }
    end
    local frame = pinfo.number
    if frame >= failure.frame then
        draw_failure(tree, frame)
    else
        draw_known(tree, frame)
    end
end

register_postdissector(proto)
