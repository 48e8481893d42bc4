"""Ports by which a server can be told when the SYN is not in the capture.

Registered ports of the IANA Service Name and Transport Protocol Port Number Registry, and the documented default ports
of the products named. Ports below 1024 are the registry's system ports (RFC 6335 section 6).
"""

from __future__ import annotations

from pyreport.base.endpoint import Endpoint

HTTPS = "HTTPS"
SERVICES = {
    22: "SSH",
    25: "SMTP",
    80: "HTTP",
    389: "LDAP",
    443: HTTPS,
    1433: "SQL Server",
    1521: "Oracle",
    2181: "ZooKeeper",
    2379: "etcd",
    3306: "MySQL",
    3389: "RDP",
    5432: "PostgreSQL",
    5672: "AMQP",
    6379: "Redis",
    6650: "Pulsar",
    8080: "HTTP",
    8443: HTTPS,
    9042: "Cassandra",
    9092: "Kafka",
    9093: "Kafka",
    9094: "Kafka",
    9200: "Elasticsearch",
    9300: "Elasticsearch",
    10911: "RocketMQ",
    11211: "memcached",
    27017: "MongoDB",
    44818: "EtherNet/IP",
}

FIRST_USER_PORT = 1024
#: Clients get a port from here on (Linux net.ipv4.ip_local_port_range; Windows and BSD from 49152 on, RFC 6335 section
#: 6); programs that listen are given lower ones, which nothing else takes from them.
FIRST_EPHEMERAL_PORT = 32768


def is_service_port(endpoint: Endpoint) -> bool:
    """Whether the port is a well-known service's."""
    return endpoint.port < FIRST_USER_PORT or endpoint.port in SERVICES


def is_ephemeral_port(endpoint: Endpoint) -> bool:
    """Whether the port is one that a kernel gives to clients."""
    return endpoint.port >= FIRST_EPHEMERAL_PORT


def service_name(endpoint: Endpoint) -> str:
    """The service that usually has this port, "" if none is known."""
    return SERVICES.get(endpoint.port, "")


def may_be(server: Endpoint, known: str, *services: str) -> bool:
    """Whether a server is one of these services by what is ``known`` of it ("": nothing), or may be any: what is known
    to be something else is none of them, nor is what has a system port of somebody's.
    """
    return known in services or (not known and server.port >= FIRST_USER_PORT)
