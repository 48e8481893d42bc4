"""Kafka requests and responses (kafka.apache.org/protocol), the few kinds and old versions that the scenarios need.

Each request builder returns the whole message with its length field and takes the correlation id; each response builder
is the answer to it. Layouts follow the protocol guide; versions are named in the builders.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

PRODUCE, FETCH, LIST_OFFSETS, METADATA, HEARTBEAT, API_VERSIONS = 0, 1, 2, 3, 12, 18
SUPPORTED = {PRODUCE: 8, FETCH: 11, LIST_OFFSETS: 5, METADATA: 9, HEARTBEAT: 4, API_VERSIONS: 3}
CASTAGNOLI_REVERSED = 0x82F63B78


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker as Metadata names it."""

    node: int
    host: str
    port: int = 9092


# --- the wire format's primitives ---


def string(text: str | None) -> bytes:
    """STRING or NULLABLE_STRING: a 16-bit length, -1 for null."""
    return struct.pack("!h", -1) if text is None else struct.pack("!h", len(text.encode())) + text.encode()


def array(items: Sequence[bytes]) -> bytes:
    """ARRAY: a 32-bit count and the encoded items."""
    return struct.pack("!i", len(items)) + b"".join(items)


def sized(octets: bytes) -> bytes:
    """BYTES, RECORDS or a whole message: a 32-bit length first."""
    return struct.pack("!i", len(octets)) + octets


def varint(value: int) -> bytes:
    """VARINT: zig-zag, seven bits a byte, lowest first. For values of up to 63 bits."""
    rest = value << 1 if value >= 0 else (-value << 1) - 1
    octets = bytearray()
    while rest > 0x7F:
        octets.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes([*octets, rest])


def crc32c(octets: bytes) -> int:
    """CRC-32C (RFC 3720, appendix B.4), which record batches carry."""
    crc = 0xFFFFFFFF
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ (CASTAGNOLI_REVERSED if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def record_batch(base_offset: int, time_ms: int, values: Sequence[bytes]) -> bytes:
    """A record batch, magic 2, uncompressed, without keys; all records have one timestamp (ms since the epoch)."""
    records = b""
    for delta, value in enumerate(values):
        record = b"\0" + varint(0) + varint(delta) + varint(-1) + varint(len(value)) + value + varint(0)
        records += varint(len(record)) + record
    last = len(values) - 1
    checked = struct.pack("!hiqqqhii", 0, last, time_ms, time_ms, -1, -1, -1, len(values)) + records
    return struct.pack("!q", base_offset) + sized(struct.pack("!ibI", 0, 2, crc32c(checked)) + checked)


def request(api: int, version: int, correlation: int, client: str, body: bytes) -> bytes:
    """A request with header version 1."""
    return sized(struct.pack("!hhi", api, version, correlation) + string(client) + body)


def response(correlation: int, body: bytes) -> bytes:
    """A response with header version 0."""
    return sized(struct.pack("!i", correlation) + body)


# --- ApiVersions 0 ---


def api_versions_request(correlation: int, client: str) -> bytes:
    """ApiVersions request, version 0."""
    return request(API_VERSIONS, 0, correlation, client, b"")


def api_versions_response(correlation: int) -> bytes:
    """ApiVersions response, version 0: no error, the kinds that this module knows."""
    ranges = [struct.pack("!hhh", api, 0, highest) for api, highest in sorted(SUPPORTED.items())]
    return response(correlation, struct.pack("!h", 0) + array(ranges))


# --- Metadata 1 ---


def metadata_request(correlation: int, client: str, topics: Sequence[str]) -> bytes:
    """Metadata request, version 1."""
    return request(METADATA, 1, correlation, client, array([string(topic) for topic in topics]))


def metadata_response(correlation: int, brokers: Sequence[Broker], topic: str, leaders: Sequence[int]) -> bytes:
    """Metadata response, version 1: all brokers, one topic; `leaders` has the leader's node for each partition."""
    nodes = [struct.pack("!i", b.node) + string(b.host) + struct.pack("!i", b.port) + string(None) for b in brokers]
    partitions = [
        struct.pack("!hii", 0, number, leader) + array([struct.pack("!i", leader)]) * 2
        for number, leader in enumerate(leaders)
    ]
    topics = [struct.pack("!h", 0) + string(topic) + b"\0" + array(partitions)]
    return response(correlation, array(nodes) + struct.pack("!i", brokers[0].node) + array(topics))


# --- ListOffsets 1 ---


def list_offsets_request(correlation: int, client: str, topic: str, partition: int) -> bytes:
    """ListOffsets request, version 1, for the newest offset."""
    wanted = array([struct.pack("!iq", partition, -1)])
    return request(LIST_OFFSETS, 1, correlation, client, struct.pack("!i", -1) + array([string(topic) + wanted]))


def list_offsets_response(correlation: int, topic: str, partition: int, offset: int) -> bytes:
    """ListOffsets response, version 1."""
    found = array([struct.pack("!ihqq", partition, 0, -1, offset)])
    return response(correlation, array([string(topic) + found]))


# --- Fetch 4 ---


def fetch_request(correlation: int, client: str, topic: str, partition: int, offset: int, max_wait_ms: int) -> bytes:
    """Fetch request, version 4: one partition, at least one byte, at most 1 MiB."""
    wanted = array([struct.pack("!iqi", partition, offset, 1 << 20)])
    head = struct.pack("!iiiib", -1, max_wait_ms, 1, 1 << 20, 0)
    return request(FETCH, 4, correlation, client, head + array([string(topic) + wanted]))


def fetch_response(correlation: int, topic: str, partition: int, high_watermark: int, records: bytes) -> bytes:
    """Fetch response, version 4; `records` is empty or record batches."""
    found = struct.pack("!ihqqi", partition, 0, high_watermark, high_watermark, -1) + sized(records)
    return response(correlation, struct.pack("!i", 0) + array([string(topic) + array([found])]))


# --- Produce 3 ---


def produce_request(correlation: int, client: str, topic: str, partition: int, records: bytes) -> bytes:
    """Produce request, version 3, acknowledged by the leader."""
    wanted = array([struct.pack("!i", partition) + sized(records)])
    head = string(None) + struct.pack("!hi", 1, 10_000)
    return request(PRODUCE, 3, correlation, client, head + array([string(topic) + wanted]))


def produce_response(correlation: int, topic: str, partition: int, offset: int) -> bytes:
    """Produce response, version 3."""
    done = array([struct.pack("!ihqq", partition, 0, offset, -1)])
    return response(correlation, array([string(topic) + done]) + struct.pack("!i", 0))


# --- Heartbeat 0 ---


def heartbeat_request(correlation: int, client: str, group: str, generation: int, member: str) -> bytes:
    """Heartbeat of a consumer group member, version 0."""
    return request(HEARTBEAT, 0, correlation, client, string(group) + struct.pack("!i", generation) + string(member))


def heartbeat_response(correlation: int) -> bytes:
    """Heartbeat response, version 0: no error."""
    return response(correlation, struct.pack("!h", 0))
