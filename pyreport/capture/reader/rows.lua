-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The fields of a frame as tshark prints them (-T fields), by their names in Wireshark.

local catalogue = require "keepalive_catalogue"
local link = require "link"
local octets = require "octets"
local record_for_programs = require "keepalive_record"
local tcp = require "tcp"

local rows = {}

local format = string.format
-- Between the values of a field that a frame has several of.
local AGGREGATOR = "\031"

-- Each takes the frame (frames.lua), with what `describe` adds and its records (a list, or nil). The fields of a header are
-- asked for only where the frame has that header.
local OF_FRAME = {
    ["frame.number"] = function(frame) return frame.number end,
    ["frame.time_epoch"] = function(frame) return format("%.0f.%09.0f", frame.packet.seconds, frame.packet.nanoseconds) end,
    ["frame.len"] = function(frame) return frame.packet.length end,
    ["frame.cap_len"] = function(frame) return frame.packet.captured end,
    ["sll.pkttype"] = function(frame) return link.packet_type(frame.packet) or "" end,
}
local OF_IPV4 = {
    ["ip.src"] = function(frame) return frame.source end,
    ["ip.dst"] = function(frame) return frame.destination end,
    ["ip.ttl"] = function(frame) return frame.packet.hops end,
    ["ip.id"] = function(frame) return format("0x%04x", octets.u16(frame.packet.bytes, frame.packet.network + 4)) end,
    ["icmp.type"] = function(frame) return frame.packet.icmp or "" end,
}
local OF_IPV6 = {
    ["ipv6.src"] = function(frame) return frame.source end,
    ["ipv6.dst"] = function(frame) return frame.destination end,
    ["ipv6.hlim"] = function(frame) return frame.packet.hops end,
    ["icmpv6.type"] = function(frame) return frame.packet.icmpv6 or "" end,
}
local OF_TCP = {
    ["tcp.stream"] = function(frame) return frame.stream end,
    ["tcp.srcport"] = function(frame) return frame.segment.source_port end,
    ["tcp.dstport"] = function(frame) return frame.segment.destination_port end,
    ["tcp.seq_raw"] = function(frame) return format("%.0f", frame.segment.seq) end,
    ["tcp.ack_raw"] = function(frame) return format("%.0f", frame.segment.ack) end,
    ["tcp.len"] = function(frame) return frame.segment.len end,
    ["tcp.hdr_len"] = function(frame) return frame.segment.header_len end,
    ["tcp.flags"] = function(frame) return format("0x%04x", tcp.flags_word(frame.packet)) end,
    ["tcp.window_size_value"] = function(frame) return frame.segment.window end,
    ["tcp.checksum"] = function(frame) return format("0x%04x", tcp.checksum(frame.packet)) end,
    ["tcp.options.mss_val"] = function(frame) return frame.mss or "" end,
    ["tcp.options.timestamp.tsval"] = function(frame) return frame.timestamp and format("%.0f", frame.timestamp) or "" end,
    ["tcp.options.timestamp.tsecr"] = function(frame) return frame.echo and format("%.0f", frame.echo) or "" end,
}

local function joined(records, to_text)
    local texts = {}
    for i, record in ipairs(records) do
        texts[i] = to_text(record)
    end
    return table.concat(texts, AGGREGATOR)
end

local OF_FINDINGS = {
    ["keepalive.record"] = function(frame) return joined(frame.records, record_for_programs.string) end,
    ["keepalive.summary"] = function(frame) return joined(frame.records, catalogue.sentence) end,
}

local function always() return true end
local function has_tcp(frame) return frame.packet.is_tcp end
local GROUPS = {
    { fields = OF_FRAME, is_there = always },
    { fields = OF_IPV4, is_there = function(frame) return frame.packet.network and frame.packet.version == 4 end },
    { fields = OF_IPV6, is_there = function(frame) return frame.packet.network and frame.packet.version == 6 end },
    { fields = OF_TCP, is_there = has_tcp },
    { fields = OF_FINDINGS, is_there = function(frame) return frame.records end },
}

-- Adds to a frame what only its row needs: the addresses' texts, and TCP's options.
local function describe(frame)
    local packet = frame.packet
    if packet.network then
        frame.source = frame.streams:text(packet.version, frame.source_bytes)
        frame.destination = frame.streams:text(packet.version, frame.destination_bytes)
    end
    if packet.is_tcp then
        frame.mss, frame.timestamp, frame.echo = tcp.options(frame.segment, packet)
    end
end

--- What writes a row of these fields (a list of names); nil and the name of a field that is not known here.
function rows.writer(names)
    local columns, known = {}, {}
    for _, group in ipairs(GROUPS) do
        for name, read in pairs(group.fields) do
            known[name] = { is_there = group.is_there, read = read }
        end
    end
    for place, name in ipairs(names) do
        columns[place] = known[name]
        if not columns[place] then
            return nil, name
        end
    end
    local texts, count = {}, #columns
    return function(frame)
        describe(frame)
        for place = 1, count do
            local column = columns[place]
            texts[place] = column.is_there(frame) and column.read(frame) or ""
        end
        return table.concat(texts, "\t", 1, count)
    end
end

return rows
