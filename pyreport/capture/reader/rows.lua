-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The fields of a frame, by their names in Wireshark, as an array in JSON: numbers, texts, a list of texts for a field that a
-- frame may have several of, null for a field that it has not. The time is in nanoseconds.

local catalogue = require "keepalive_catalogue"
local link = require "link"
local octets = require "octets"
local packet_of = require "packet"
local record_for_programs = require "keepalive_record"
local tcp = require "tcp"
local times = require "times"

local rows = {}

local NONE = packet_of.NONE

local function quoted(text)
    return '"' .. text:gsub('[\\"]', "\\%0") .. '"'
end

-- Each takes the frame (frames.lua), with what `describe` adds and its records (a list, or nil). The fields of a header are
-- asked for only where the frame has that header.
local OF_FRAME = {
    ["frame.number"] = function(frame) return frame.number end,
    ["frame.time_epoch"] = function(frame) return times.to_text(frame.packet.seconds, frame.packet.nanoseconds) end,
    ["frame.len"] = function(frame) return frame.packet.length end,
    ["frame.cap_len"] = function(frame) return frame.packet.captured end,
    ["sll.pkttype"] = function(frame) return link.packet_type(frame.packet) end,
}
local OF_IPV4 = {
    ["ip.src"] = function(frame) return frame.source end,
    ["ip.dst"] = function(frame) return frame.destination end,
    ["ip.ttl"] = function(frame) return frame.packet.hops end,
    ["ip.id"] = function(frame) return octets.u16(frame.packet.bytes, frame.packet.network + 4) end,
    ["icmp.type"] = function(frame) return frame.packet.icmp ~= NONE and frame.packet.icmp end,
}
local OF_IPV6 = {
    ["ipv6.src"] = function(frame) return frame.source end,
    ["ipv6.dst"] = function(frame) return frame.destination end,
    ["ipv6.hlim"] = function(frame) return frame.packet.hops end,
    ["icmpv6.type"] = function(frame) return frame.packet.icmpv6 ~= NONE and frame.packet.icmpv6 end,
}
local OF_TCP = {
    ["tcp.stream"] = function(frame) return frame.stream end,
    ["tcp.srcport"] = function(frame) return frame.segment.source_port end,
    ["tcp.dstport"] = function(frame) return frame.segment.destination_port end,
    ["tcp.seq_raw"] = function(frame) return frame.segment.seq end,
    ["tcp.ack_raw"] = function(frame) return frame.segment.ack end,
    ["tcp.len"] = function(frame) return frame.segment.len end,
    ["tcp.hdr_len"] = function(frame) return frame.segment.header_len end,
    ["tcp.flags"] = function(frame) return tcp.flags_word(frame.packet) end,
    ["tcp.window_size_value"] = function(frame) return frame.segment.window end,
    ["tcp.checksum"] = function(frame) return tcp.checksum(frame.packet) end,
    ["tcp.options.mss_val"] = function(frame) return frame.mss end,
    ["tcp.options.timestamp.tsval"] = function(frame) return frame.timestamp end,
    ["tcp.options.timestamp.tsecr"] = function(frame) return frame.echo end,
}

-- An address of 4 or 16 octets at a place of the frame.
local function address(frame, version, place)
    return frame.streams:quoted(frame.streams:address(frame.packet.bytes, place, version))
end

local OF_ARP = {
    ["arp.opcode"] = function(frame) return octets.u16(frame.packet.bytes, frame.packet.arp + 6) end,
    ["arp.src.proto_ipv4"] = function(frame) return address(frame, 4, frame.packet.arp + 14) end,
    ["arp.dst.proto_ipv4"] = function(frame) return address(frame, 4, frame.packet.arp + 24) end,
}
local SOLICITATION, ADVERTISEMENT = 135, 136
local function target_of(kind)
    return function(frame)
        return frame.packet.icmpv6 == kind and address(frame, 6, frame.packet.target) or nil
    end
end
local OF_DISCOVERY = {
    ["icmpv6.nd.ns.target_address"] = target_of(SOLICITATION),
    ["icmpv6.nd.na.target_address"] = target_of(ADVERTISEMENT),
}

local function list_of(records, to_text)
    local texts = {}
    for i, record in ipairs(records) do
        texts[i] = quoted(to_text(record))
    end
    return "[" .. table.concat(texts, ",") .. "]"
end

--- The records of a frame, as a list of texts in JSON.
function rows.records(records)
    return list_of(records, record_for_programs.string)
end

--- Their sentences, likewise.
function rows.sentences(records)
    return list_of(records, catalogue.sentence)
end

local OF_FINDINGS = {
    ["keepalive.record"] = function(frame) return rows.records(frame.records) end,
    ["keepalive.summary"] = function(frame) return rows.sentences(frame.records) end,
}

local GROUPS = {
    { fields = OF_FRAME, is_there = function() return true end },
    { fields = OF_IPV4, is_there = function(frame) return frame.packet.network ~= NONE and frame.packet.version == 4 end },
    { fields = OF_IPV6, is_there = function(frame) return frame.packet.network ~= NONE and frame.packet.version == 6 end },
    { fields = OF_TCP, is_there = function(frame) return frame.packet.is_tcp end },
    { fields = OF_ARP, is_there = function(frame) return frame.packet.arp ~= NONE end },
    { fields = OF_DISCOVERY, is_there = function(frame) return frame.packet.target ~= NONE end },
    { fields = OF_FINDINGS, is_there = function(frame) return frame.records end },
}

-- Adds to a frame what only its row needs: the addresses' texts, and TCP's options.
local function describe(frame)
    local packet = frame.packet
    if packet.network ~= NONE then
        frame.source, frame.destination = frame.streams:quoted(packet.source), frame.streams:quoted(packet.destination)
    end
    if packet.is_tcp then
        frame.mss, frame.timestamp, frame.echo = tcp.options(frame.segment, packet)
    end
end

local function by_name()
    local columns = {}
    for number, group in ipairs(GROUPS) do
        for name, read in pairs(group.fields) do
            columns[name] = { group = number, read = read }
        end
    end
    return columns
end

--- What writes rows of these fields (a list of names): a function of a frame and of the buffer (string.buffer) that it puts the
-- row into; nil and the name of a field that is not known here.
function rows.writer(names)
    local known, reads, groups, count = by_name(), {}, {}, #names
    for place, name in ipairs(names) do
        local column = known[name]
        if not column then
            return nil, name
        end
        reads[place], groups[place] = column.read, column.group
    end
    local is_there = {}
    return function(frame, out)
        describe(frame)
        for number = 1, #GROUPS do
            is_there[number] = GROUPS[number].is_there(frame)
        end
        for place = 1, count do
            local value = is_there[groups[place]] and reads[place](frame)
            out:put(place == 1 and "[" or ",", value or "null")
        end
        out:put("]\n")
    end
end

return rows
