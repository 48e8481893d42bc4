-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- TCP keep-alive post-dissector for Wireshark: the adapter between Wireshark and the tracker, and the only file that
-- names Wireshark's API. Collects on the first pass, draws on every pass.
-- Install: the folder with this file and keepalive_*.lua goes into the personal Lua plugin folder as "keepalive".

-- Wireshark leads `require` to the files beside a script in the personal folder, but not to those in the folder for all users.
-- It loads this file as the first one of its folder.
local folder = debug.getinfo(1, "S").source:match("^@?(.*[/\\])")
if folder and not package.path:find(folder .. "?.lua", 1, true) then
    package.path = folder .. "?.lua;" .. package.path
end

local asked_of = require "keepalive_asked"
local catalogue = require "keepalive_catalogue"
local clock_of = require "keepalive_clock"
local connection = require "keepalive_connection"
local display = require "keepalive_display"
local header = require "keepalive_header"
local icmp = require "keepalive_icmp"
local ledger = require "keepalive_ledger"
local lookup_of = require "keepalive_lookup"
local part = require "keepalive_part"
local record_for_programs = require "keepalive_record"
local settings_of = require "keepalive_settings"
local state = require "keepalive_state"
local tracker_of = require "keepalive_tracker"

local VERSION = "0.1.0"
-- Where a first copy of this plugin leaves word for a second one; both share Wireshark's one Lua state.
local LOADED = "keepalive plugin"

-- A name that is looked up costs as much as a step of the arithmetic behind it: what runs on every frame is looked up once.
local abs, pcall = math.abs, pcall
-- Arguments of the script, "tshark -X lua_script1:FROM,TO,HOST": which part is judged, and what is shown of it.
local is_inside, wanted_host = part.of((...))
local asked = asked_of.of(...)

local registered, proto = pcall(Proto, "keepalive", "TCP Keep-Alive Analysis")
if not registered then
    -- Loaded a second time (say, installed and given on the command line), the first one serves.
    if not package.loaded[LOADED] then
        report_failure("The keep-alive plugin does not run: another plugin has registered a protocol of the name keepalive.")
    end
    return
end
package.loaded[LOADED] = true
set_plugin_info({
    version = VERSION,
    author = "The Keepalive project",
    description = "Marks TCP keep-alive probes, missed intervals and writes after a FIN",
})

-- All that is read of Wireshark's fields. Each costs time on every frame, read or not, and more when it is read. So what the TCP
-- header says is taken from its bytes, and most frames need none of these.
local read = {
    stream = Field.new("tcp.stream"),
    len = Field.new("tcp.len"),
    icmp = Field.new("icmp"),
    icmpv6 = Field.new("icmpv6"),
    time = Field.new("frame.time"),
}

-- What names the hosts of a frame; read only when one host is asked for.
local host_fields = {}
if wanted_host then
    for _, name in ipairs { "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "arp.src.proto_ipv4", "arp.dst.proto_ipv4",
        "icmpv6.nd.ns.target_address", "icmpv6.nd.na.target_address" } do
        host_fields[#host_fields + 1] = Field.new(name)
    end
end

-- Fields, one set per finding as the catalogue declares them -----------------------------------------------------

local MAKE_FIELD = {
    duration = function(abbrev, label) return ProtoField.relative_time(abbrev, label) end,
    moment = function(abbrev, label) return ProtoField.absolute_time(abbrev, label, base.LOCAL) end,
    frame = function(abbrev, label, link)
        return ProtoField.framenum(abbrev, label, base.NONE, frametype[link and link:upper() or "NONE"])
    end,
    count = function(abbrev, label) return ProtoField.uint32(abbrev, label, base.DEC) end,
    ["end"] = function(abbrev, label) return ProtoField.string(abbrev, label) end,
    host = function(abbrev, label) return ProtoField.string(abbrev, label) end,
    token = function(abbrev, label) return ProtoField.string(abbrev, label) end,
}

-- The links of the window's list, which are drawn by the type that comes last for a frame. So "keepalive.linked_from" has the type
-- of the finding's own link to that frame, and what is only for filters is a number.
local pf_linked_from, LINKS = {}, { "none", "request", "response", "ack" }
for _, link in ipairs(LINKS) do
    pf_linked_from[link] = MAKE_FIELD.frame("keepalive.linked_from", "Linked from the trouble in frame", link)
end

local pf = {
    finding = ProtoField.string("keepalive.finding", "Finding"),
    level = ProtoField.string("keepalive.level", "Level"),
    summary = ProtoField.string("keepalive.summary", "Summary"),
    record = ProtoField.string("keepalive.record", "Record for programs"),
    related = ProtoField.uint32("keepalive.related", "Related frame", base.DEC),
    worst = ProtoField.string("keepalive.worst", "Worst finding"),
    headline = ProtoField.string("keepalive.headline", "Findings in words"),
    failed = ProtoField.string("keepalive.failed", "The plugin failed"),
    state_source = ProtoField.uint8("keepalive.state.src", "State of the sender after this segment", base.DEC, state.NAMES),
    state_destination = ProtoField.uint8("keepalive.state.dst", "State of the receiver after this segment", base.DEC, state.NAMES),
}
local pf_finding, pf_data, ef_finding = {}, {}, {}
local ef_failed = ProtoExpert.new("keepalive.failed.expert", "The keep-alive plugin failed", expert.group.DEBUG,
    expert.severity.ERROR)
local all_fields, all_experts = {}, { ef_failed }
for _, fields in ipairs { pf, pf_linked_from } do
    for _, field in pairs(fields) do
        all_fields[#all_fields + 1] = field
    end
end
for _, finding in ipairs(catalogue.findings) do
    local abbrev = "keepalive." .. finding.id
    pf_finding[finding.id] = ProtoField.none(abbrev, finding.title)
    all_fields[#all_fields + 1] = pf_finding[finding.id]
    pf_data[finding.id], ef_finding[finding.id] = {}, {}
    for _, declared in ipairs(finding.data) do
        local field = MAKE_FIELD[declared.kind](abbrev .. "." .. declared.name, declared.label, declared.link)
        pf_data[finding.id][declared.name] = field
        all_fields[#all_fields + 1] = field
    end
    -- One filter name for all levels of a finding: Wireshark matches fields that share a name as one.
    for _, level in ipairs(finding.levels) do
        local expert_field = ProtoExpert.new(abbrev .. ".expert", finding.title, expert.group[finding.group],
            expert.severity[level])
        ef_finding[finding.id][level] = expert_field
        all_experts[#all_experts + 1] = expert_field
    end
end
proto.fields = all_fields
proto.experts = all_experts

-- Preferences -------------------------------------------------------------------------------------------------------

local prefs, usual = proto.prefs, settings_of.USUAL
prefs.idle = Pref.uint("Idle time (ms, 0 = learn)", usual.idle,
    "TCP_KEEPIDLE of the probing side: silence before the first probe. 0 learns it from the capture.")
prefs.interval = Pref.uint("Interval (ms, 0 = learn)", usual.interval,
    "TCP_KEEPINTVL of the probing side: spacing of unanswered probes. 0 learns it from the capture.")
prefs.probes = Pref.uint("Probes (0 = learn)", usual.probes,
    "TCP_KEEPCNT of the probing side: unanswered probes until it gives up. 0 takes what the capture shows.")
prefs.slack = Pref.uint("Tolerance (ms)", usual.slack,
    "How much later than due, on top of the kernel's timer rounding, a probe may come without being late.")
prefs.min_gap = Pref.uint("Smallest gap (ms)", usual.min_gap,
    "A probe breaks a silence of at least this length; a segment that comes sooner is no probe.")
prefs.show_state = Pref.bool("Show the RFC 9293 state of both sides", usual.show_state,
    "Adds the connection state of sender and receiver to every segment.")
prefs.quiet = Pref.bool("Quiet healthy probes", false,
    "Probes and answers keep their fields and colours but raise no expert information.")
prefs.info_suffix = Pref.bool("Trouble in the Info column", true,
    "Ends the Info of a frame with a finding at Warn or Error by what it says, in braces.")

-- State of one capture: born and dies in proto.init() -----------------------------------------------------------------

local tracker, clock, lookup, last_collected, first_wanted
-- Whether the tracker has to withdraw what the end of the capture has shown, with the next segment.
local is_end_shown
-- Which frame was dissected again last, and how often in a row.
local repeated, repetitions

-- The tracker's records by frame, and whether its states are shown.
local shown, shows_states

-- Once all frames are in, those on which something is drawn, as keys; nil before. All others are done with one look.
local drawn
local ALL = setmetatable({}, { __index = function() return true end })

-- The frames that trouble links to, each with the frames of that trouble. Nobody knows them before the first pass is over.
local links_of_trouble

-- The first failure: { frame, text }. Detection stops there, so no later frame is judged. It is state, and not left to
-- Wireshark: a Lua error of the first pass is thrown away when there is a second one.
local failure

function proto.init()
    tracker, clock, lookup = tracker_of.new(settings_of.tracker(prefs)), clock_of.new(), lookup_of.new()
    shown, shows_states = tracker.log.shown, prefs.show_state
    last_collected, drawn, failure, first_wanted, links_of_trouble = 0, nil, nil, nil, {}
    repeated, repetitions, is_end_shown = 0, 0, false
end

-- Reading -----------------------------------------------------------------------------------------------------------

local IPV4, IPV6, TCP_READ = header.IPV4, header.IPV6, header.TCP_READ
-- An ICMP error quotes a TCP header after two IP headers and ICMP's own, so not before this place.
local FIRST_QUOTED_OFFSET = IPV4 + 8 + IPV4
local ICMP_PROTOCOL = 1

-- So many bytes from the frame's beginning are read at once: headers of link, IP and TCP with options, and the first of payload.
local HEAD = 128

local byte_count, raw_bytes, byte = Tvb.len, Tvb.raw, string.byte
local tell, find, pass, observe = clock_of.tell, lookup_of.find, tracker_of.pass, tracker_of.observe
local move_on_in_order = connection.move_on_in_order

-- What pinfo says by one name, as a function. To find what stands for a name takes Wireshark three times as long as its own function
-- that gives the value, which is called directly where this Wireshark shows it.
local function getter_of(pinfo, name)
    local meta = getmetatable(pinfo)
    local getters = type(meta) == "table" and rawget(meta, "__getters")
    local own = type(getters) == "table" and rawget(getters, name)
    local is_fine, value = pcall(own, pinfo)
    return is_fine and value == pinfo[name] and own or function(asked_pinfo) return asked_pinfo[name] end
end

-- They are looked up with the first frame.
local number_of, time_of
function number_of(pinfo)
    number_of, time_of = getter_of(pinfo, "number"), getter_of(pinfo, "rel_ts")
    return number_of(pinfo)
end

-- Of the frame that is judged: its bytes, the first of them, and the bytes in which its TCP header lies at `this_offset` and the
-- payload at `this_payload`, which are other ones when the packet was put together from fragments; nil when they are the frame's.
local this_pinfo, this_frame, this_head, this_source, this_offset, this_payload

-- One table for all segments, since making one for each frame is slow.
local segment = {}

-- The frame's time since 1970, a double of seconds, and its time stamp, for the clock.
local function since_epoch()
    return this_pinfo.abs_ts
end

local function time_stamp()
    local time = read.time()
    if time then
        return time.value.secs, time.value.nsecs
    end
    return nil
end

-- Whether the frame is of the part that was asked for; of several headers of a kind, the outermost one counts.
local function is_wanted()
    if not is_inside(time_stamp()) then
        return false
    end
    for _, field in ipairs(host_fields) do
        local value = field()
        if value and tostring(value.value) == wanted_host then
            return true
        end
    end
    return not wanted_host
end

-- The bytes of the frame right before the TCP header; nil when there are not so many.
local function bytes_before_tcp(count)
    local is_there = this_offset >= count and this_offset <= this_frame:len()
    return is_there and this_frame:raw(this_offset - count, count) or nil
end

-- The addresses in the IP header right before the TCP header, as text. Those of pinfo only when it lies elsewhere, or has
-- extension headers: they are the innermost ones, which may be of a packet that the payload carries.
local function addresses()
    local bytes = bytes_before_tcp(IPV4)
    local source, destination
    if bytes then
        source, destination = header.ipv4_addresses(bytes)
    end
    bytes = not source and bytes_before_tcp(IPV6)
    if bytes then
        source, destination = header.ipv6_addresses(bytes)
        if source then
            return tostring(Address.ipv6(source)), tostring(Address.ipv6(destination))
        end
    end
    return source or tostring(this_pinfo.src), destination or tostring(this_pinfo.dst)
end

function segment.endpoints()
    local source, destination = addresses()
    return header.endpoint(source, segment.source_port), header.endpoint(destination, segment.destination_port)
end

-- The first two of the payload; nothing when it has not so many.
local function first_octets()
    local start = this_payload
    if not this_source and #this_head >= start + 2 then
        return byte(this_head, start + 1, start + 2)
    end
    local source = this_source or this_frame
    if source:len() >= start + 2 then
        return byte(source:raw(start, 2), 1, 2)
    end
end
segment.first_octets = first_octets

function segment.timestamps()
    local start = this_offset + header.TCP
    local length = this_payload - start
    local source = this_source or this_frame
    if length > 0 and source:len() >= start + length then
        return header.timestamps(source:raw(start, length))
    end
    return nil
end

-- The outermost TCP header is the live one; the segment quoted in an ICMP error is not on its way anywhere.
local function is_quoted()
    return read.icmp() or read.icmpv6()
end

-- The bytes of the frame before the IPv4 header that is right before the TCP header.
local function bytes_of_link()
    return this_frame:raw(0, this_offset - IPV4)
end

-- Whether the bytes up to `total` are in the frame, or were before it was cut.
local function has_bytes(total)
    return total <= byte_count(this_frame) or total <= this_frame:reported_len()
end

-- Reads the header after a whole IPv4 header without options. Returns whether it is there. Wireshark found its TCP header at
-- `offset`; that it lies in these bytes, and not in a reassembled datagram, is what the IPv4 header right before it says. Its
-- length holds unless a carrier's is shorter.
local function read_after_ipv4(offset)
    local start = offset - IPV4
    if start < 0 or this_frame:len() < offset + TCP_READ then
        return false
    end
    local total = header.read_after_ipv4(segment, this_frame:raw(start, IPV4 + TCP_READ), 0)
    if not total or not has_bytes(start + total) then
        return false
    elseif header.tells_no_length(start, bytes_of_link) then
        return true
    end
    local len = read.len()
    segment.len = len and len.value
    return len ~= nil
end

-- Reads the header that Wireshark dissected, wherever it lies. Returns whether there is one whole enough to judge.
local function read_fields(stream)
    local source, offset, len = stream.source, stream.offset, read.len()
    if not len or source:len() < offset + TCP_READ then
        return false
    end
    this_source, segment.len = source, len.value
    return header.read(segment, source:raw(offset, TCP_READ))
end

-- What the ICMP error at `start` says of a segment; nil when it is none.
local function read_error(bytes, start, version)
    local captured = bytes:len()
    return start < captured and icmp.read(bytes:raw(start, math.min(captured - start, icmp.MOST)), version) or nil
end

-- The address that sent the error at `start`.
local function device_of(bytes, pinfo, start, version)
    local ip = version == 4 and start >= IPV4 and bytes:raw(start - IPV4, IPV4) or nil
    return ip and header.ipv4_source(ip, ICMP_PROTOCOL) or tostring(pinfo.src)
end

-- Has an ICMP error noted that quotes a TCP header.
local function collect_error(bytes, pinfo, frame, stream, field, version)
    local message = read_error(bytes, field.offset, version)
    if message then
        local device = device_of(bytes, pinfo, field.offset, version)
        tracker:observe_error(frame, stream.value, device, message, icmp.source_of(message, message.address))
    end
end

-- The same for one that quotes so little of a TCP header that Wireshark tells no connection.
local function collect_short_error(bytes, pinfo, frame)
    local field, version = read.icmp(), 4
    if not field then
        field, version = read.icmpv6(), 6
    end
    local message = field and read_error(bytes, field.offset, version)
    if message then
        local source, destination = message.address, message.destination
        if version == 6 then
            source, destination = tostring(Address.ipv6(source)), tostring(Address.ipv6(destination))
        end
        tracker:observe_short_error(frame, header.endpoint(source, message.source_port),
            header.endpoint(destination, message.destination_port), device_of(bytes, pinfo, field.offset, version), message)
    end
end

-- Keeps for later frames of which connection these ends are, and which of its sides sends, or forgets it.
local function note_stream(stream, offset)
    local conn = tracker.connections[stream]
    if not header.is_ordinary(segment) then
        lookup:forget(this_head, offset)
    elseif conn and conn.is_quiet then
        local sender, receiver = conn.sides[1], conn.sides[2]
        if segment.source ~= conn.source then
            sender, receiver = receiver, sender
        end
        lookup:note(this_head, offset, {
            stream = stream, conn = conn, sender = sender, receiver = receiver,
            source_port = segment.source_port, destination_port = segment.destination_port,
        })
    end
end

-- Fills `segment` with what Wireshark found, and has it judged, when it is a segment.
local function collect(frame, time, stream)
    local offset = stream.offset
    local error_field = offset >= FIRST_QUOTED_OFFSET and is_quoted()
    if error_field then
        -- Wireshark may have counted a connection for what is quoted.
        lookup = lookup_of.new()
        collect_error(this_frame, this_pinfo, frame, stream, error_field, read.icmp() and 4 or 6)
        return
    end
    this_offset = offset
    if read_after_ipv4(offset) or read_fields(stream) then
        this_payload = offset + segment.header_len
        segment.frame, segment.time, segment.clock_steps = frame, time, clock.steps
        segment.stream, segment.source = stream.value, segment.source_port
        if segment.source_port == segment.destination_port then
            segment.source = addresses()
        end
        tracker:observe(segment)
        note_stream(segment.stream, offset)
    end
    this_source = nil
end

-- The same for a frame whose connection is known from its bytes alone. Returns whether it is one.
local function collect_known(bytes, frame, time)
    local captured = byte_count(bytes)
    local head = raw_bytes(bytes, 0, captured < HEAD and captured or HEAD)
    this_head = head
    local way, offset, packet_end, payload_offset, seq, ack, len, flags, window, ip_id = find(lookup, head)
    if not way or packet_end > captured and packet_end > bytes:reported_len() then
        return false
    end
    this_offset = offset
    this_payload = payload_offset
    if is_end_shown or not move_on_in_order(way.conn, way.sender, way.receiver, frame, time, clock.steps, seq, ack,
        len, window, ip_id, first_octets) then
        segment.source_port, segment.destination_port = way.source_port, way.destination_port
        segment.header_len, segment.seq, segment.ack, segment.len = payload_offset - offset, seq, ack, len
        segment.flags, segment.window, segment.ip_id = flags, window, ip_id
        segment.frame, segment.time, segment.clock_steps = frame, time, clock.steps
        segment.stream, segment.source = way.stream, way.source_port
        observe(tracker, segment)
        is_end_shown = false
    end
    return true
end

-- Drawing -----------------------------------------------------------------------------------------------------------

local function relative_time(ns)
    local sign = ns < 0 and -1 or 1
    local seconds, rest = clock_of.split(abs(ns))
    return NSTime.new(sign * seconds, sign * rest)
end

local function absolute_time(time)
    return NSTime.new(clock:time_of_day(time))
end

local TO_VALUE = { duration = relative_time, moment = absolute_time, token = catalogue.text_of }

local function add_hidden(tree, field, value)
    tree:add(field, value):set_hidden()
end

-- The worst record's sentence stands on the layer's line, and is not said again.
local function draw_record(tree, record, is_worst)
    local declared = catalogue.get(record.id)
    local level, sentence = catalogue.LEVELS[record.level], catalogue.sentence(record)
    add_hidden(tree, pf.finding, record.id)
    add_hidden(tree, pf.level, level)
    add_hidden(tree, pf.summary, sentence)
    add_hidden(tree, pf.record, record_for_programs.string(record))
    local item = tree:add(pf_finding[record.id]):set_generated()
    item:append_text(is_worst and " (" .. level .. ")" or " (" .. level .. "): " .. sentence)
    for _, datum in ipairs(declared.data) do
        local value = record.data[datum.name]
        if value then
            local to_value = TO_VALUE[datum.kind]
            item:add(pf_data[record.id][datum.name], to_value and to_value(value) or value):set_generated()
        end
    end
    if not (prefs.quiet and record.level == "CHAT") then
        item:add_proto_expert_info(ef_finding[record.id][record.level], sentence)
    end
end

local function ends_of_row(pinfo)
    return {
        source = header.endpoint(tostring(pinfo.src), pinfo.src_port),
        destination = header.endpoint(tostring(pinfo.dst), pinfo.dst_port),
    }
end

local function draw_records(tree, pinfo, records, links)
    tree:set_text(display.layer_line(proto.description, records))
    add_hidden(tree, pf.worst, records[1].id)
    add_hidden(tree, pf.headline, display.headline(records, links ~= nil, ends_of_row(pinfo)))
    for i, record in ipairs(records) do
        draw_record(tree, record, i == 1)
    end
    display.each_link(records, function(frame) add_hidden(tree, pf.related, frame) end)
    local suffix = prefs.info_suffix and display.info_suffix(records)
    if suffix then
        pinfo.cols.info:append(suffix)
    end
end

local function draw(tree, pinfo, records, states, links)
    local item = tree:add(proto, proto.description):set_generated()
    if records then
        draw_records(item, pinfo, records, links)
    end
    local own = links and display.link_types(records or {})
    for _, frame in ipairs(links or {}) do
        item:add(pf_linked_from[own[frame] or "none"], frame):set_generated()
    end
    if states then
        item:add(pf.state_source, state.NUMBERS[states[1]]):set_generated()
        item:add(pf.state_destination, state.NUMBERS[states[2]]):set_generated()
    end
end

-- No more than a program reads: to hide, name and mark all the rest costs several times the judgement.
local function draw_for_programs(tree, records)
    local item = tree:add(proto)
    for _, record in ipairs(records) do
        item:add(pf.finding, record.id)
        item:add(pf.summary, catalogue.sentence(record))
        item:add(pf.record, record_for_programs.string(record))
    end
end

local function draw_all(tree, pinfo, frame)
    local records, states = shown[frame] and tracker.log:records(frame), tracker.states and tracker.states[frame]
    local links = links_of_trouble[frame]
    if records or states or links then
        draw(tree, pinfo, records, states, links)
    end
end

-- Standard output is tshark's own, too: the line stands before what tshark prints of the frame.
local function print_for_programs(pinfo, frame)
    local told = { number = frame, address = tostring(pinfo.src), port = pinfo.src_port }
    told.start_seconds, told.start_nanoseconds = clock:time_of_day(0)
    told.seconds, told.nanoseconds = time_stamp()
    io.write(ledger.line(told, tracker.log:records(frame)))
end

local function draw_known(tree, pinfo, frame)
    if asked and asked.is_printed and drawn and shown[frame] then
        print_for_programs(pinfo, frame)
    end
    if not asked or drawn and asked.frames[frame] then
        draw_all(tree, pinfo, frame)
    elseif drawn and asked.is_brief and shown[frame] then
        draw_for_programs(tree, tracker.log:records(frame))
    end
end

-- The same for a frame of which Wireshark tells what it is.
local function collect_told(bytes, pinfo, frame, time)
    local stream = read.stream()
    if stream then
        collect(frame, time, stream)
    else
        collect_short_error(bytes, pinfo, frame)
    end
end

-- Has a frame judged that no one has seen before, and draws what was found.
local function judge_and_draw(bytes, pinfo, tree, frame)
    if is_inside and not is_wanted() then
        return
    end
    this_frame = bytes
    this_pinfo = pinfo
    local since_first = time_of(pinfo)
    if not first_wanted then
        -- The clock begins with the first frame that is judged.
        first_wanted = is_inside and since_first or 0
    end
    local time = tell(clock, since_first - first_wanted, since_epoch, time_stamp)
    if time then
        -- Whether Wireshark has not dissected the frames before this one. When the display filter changes during a live capture, 4.0
        -- takes the next frame for the first one; on a busy machine it leaves out the frames that came meanwhile, until it dissects
        -- all of them again. What they held is not known, so nothing is judged across them.
        if since_first == 0 and last_collected > 0 and frame > last_collected + 1 then
            tracker, lookup = tracker:begin_anew(time), lookup_of.new()
        end
        last_collected = frame
        drawn = nil
        pass(tracker, frame, time)
        if not collect_known(bytes, frame, time) then
            collect_told(bytes, pinfo, frame, time)
        end
    end
    -- No trouble leads here yet.
    if shown[frame] or shows_states then
        draw_known(tree, pinfo, frame)
    end
end

-- Whether a frame that was judged before shows that all frames are in, as far as there are any: the window of Wireshark 4.4 and
-- later dissects each one twice in a row while it reads them.
local function comes_round(frame)
    if frame < last_collected then
        return true
    end
    repeated, repetitions = frame, repeated == frame and repetitions + 1 or 1
    return repetitions > 1 or asked
end

-- The keys of both.
local function frames_of(one, other)
    local frames = {}
    for frame in pairs(one) do
        frames[frame] = true
    end
    for frame in pairs(other) do
        frames[frame] = true
    end
    return frames
end

-- Draws a frame that was judged before.
local function draw_again(_, pinfo, tree, frame)
    if not drawn and comes_round(frame) then
        tracker:finish(clock.last)
        is_end_shown, links_of_trouble = true, display.links_of_trouble(tracker.log)
        drawn = shows_states and ALL or frames_of(shown, links_of_trouble)
    end
    if shown[frame] or links_of_trouble[frame] or shows_states then
        draw_known(tree, pinfo, frame)
    end
end

-- On the frame that the plugin failed on, and on all later ones.
local function draw_failure(tree, frame)
    local item = tree:add(pf.failed, string.format("in frame %d: %s", failure.frame, failure.text)):set_generated()
    if frame == failure.frame then
        item:add_proto_expert_info(ef_failed, "The keep-alive plugin failed, and judges no frame from here on")
    end
end

function proto.dissector(bytes, pinfo, tree)
    local frame = number_of(pinfo)
    -- The second pass, and nothing to draw: most calls end here.
    if drawn and not drawn[frame] and frame <= last_collected then
        return
    end
    if not failure then
        -- Not pinfo.visited: "tshark -2" without a filter gives its first pass no fields, and says "visited" in the second.
        local is_fine, problem = pcall(frame > last_collected and judge_and_draw or draw_again, bytes, pinfo, tree, frame)
        if is_fine then
            return
        end
        drawn = drawn and ALL
        -- Without the folder, which is nobody's business.
        failure = { frame = frame, text = (tostring(problem):gsub("^.*[/\\]([%w_]+%.lua:)", "%1")) }
    end
    if frame >= failure.frame then
        draw_failure(tree, frame)
    else
        draw_known(tree, pinfo, frame)
    end
end

register_postdissector(proto)
if asked and asked.is_printed then
    io.write(ledger.program(get_version()))
end
if gui_enabled() then
    require("keepalive_menus").register(VERSION, function(frame) return tracker and tracker.log:records(frame) end)
end
