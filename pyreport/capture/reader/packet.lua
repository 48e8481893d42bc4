-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What is known of a frame while it is read. In C's memory: LuaJIT's own would need a new object for each pointer and for each time.

local ffi = require "ffi"

ffi.cdef [[
typedef struct {
    // Of its record (pcap.lua). The bytes are good until the next record.
    const uint8_t *bytes;
    double place, seconds;
    int32_t nanoseconds, captured, length, link;
    // Of its network header (network.lua).
    int32_t network, version, hops, transport, after, icmp, icmpv6, arp, target, message, quoted, quoted_transport;
    bool is_tcp, quotes_ports_only;
    // Numbers of its addresses (streams.lua), of an IP packet.
    int32_t source, destination;
} keepalive_packet;
typedef struct {
    // What the tracker reads of a TCP segment (keepalive_header.lua).
    double seq, ack;
    int32_t len, ip_id;         // ip_id -1: none
    uint16_t source_port, destination_port, flags, window;
    uint8_t header_len, hops;
    uint8_t first_octets, octets[2];    // of the payload, as many as are in the file
    double timestamp, echo;     // TSval, TSecr; -1: none
} keepalive_segment;
]]

local packet = {}

--- What a number of a packet is that it has not: network, icmp, icmpv6, arp, target, quoted.
packet.NONE = -1

--- A packet of which nothing was read.
packet.new = ffi.typeof("keepalive_packet")

--- A segment of which nothing was read, and an array of so many.
packet.segment = ffi.typeof("keepalive_segment")
packet.segments = ffi.typeof("keepalive_segment[?]")

return packet
