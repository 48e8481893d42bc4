"""The fields that the bulk pass reads of each frame."""

from __future__ import annotations

from typing import NamedTuple


class Columns(NamedTuple):
    """One row of the bulk pass: the raw text of each field, "" where the frame has none.

    The defaults are the fields' names, so ``FIELDS`` is the row of their titles.
    """

    number: str = "frame.number"
    time: str = "frame.time_epoch"
    stream: str = "tcp.stream"
    source_4: str = "ip.src"
    destination_4: str = "ip.dst"
    source_6: str = "ipv6.src"
    destination_6: str = "ipv6.dst"
    source_port: str = "tcp.srcport"
    destination_port: str = "tcp.dstport"
    seq: str = "tcp.seq_raw"
    ack: str = "tcp.ack_raw"
    payload_length: str = "tcp.len"
    flags: str = "tcp.flags"
    ttl: str = "ip.ttl"
    hop_limit: str = "ipv6.hlim"
    icmp_type: str = "icmp.type"
    icmp_6_type: str = "icmpv6.type"
    retransmission: str = "tcp.analysis.retransmission"
    records: str = "keepalive.record"
    summaries: str = "keepalive.summary"
    frame_length: str = "frame.len"
    captured_length: str = "frame.cap_len"
    ip_id: str = "ip.id"
    header_length: str = "tcp.hdr_len"
    checksum: str = "tcp.checksum"
    mss: str = "tcp.options.mss_val"
    packet_type: str = "sll.pkttype"
    window: str = "tcp.window_size_value"
    timestamp: str = "tcp.options.timestamp.tsval"
    timestamp_echo: str = "tcp.options.timestamp.tsecr"
    arp_operation: str = "arp.opcode"
    arp_sender: str = "arp.src.proto_ipv4"
    arp_target: str = "arp.dst.proto_ipv4"
    solicited: str = "icmpv6.nd.ns.target_address"
    advertised: str = "icmpv6.nd.na.target_address"


FIELDS = Columns()
