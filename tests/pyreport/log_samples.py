"""Lines as the formats' sources make them; addresses, names and times are made up.

Each family names the place that it follows (repository: file).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from pyreport.logs.model import Errno, NamedEnd


class Sample(NamedTuple):
    """A record, and what it says; ends as text, "" where it names none. ``more`` are further attributes."""

    line: str
    format: str
    errno: Errno
    operation: str = ""
    local: str = ""
    remote: str = ""
    more: dict[str, Any] = {}  # noqa: RUF012


S, MS = 1_000_000_000, 1_000_000
PAIR = ("10.0.0.1:40000", "10.0.0.5:9092")
OP = f"read tcp {PAIR[0]}->{PAIR[1]}: read: connection reset by peer"

# golang/go: src/net/net.go (OpError.Error)
GO = [
    Sample(OP, "Go net.OpError", Errno.ECONNRESET, "read", *PAIR),
    Sample("write tcp6 [2001:db8::1]:4->[2001:db8::2]:9092: write: broken pipe", "Go net.OpError", Errno.EPIPE, "write",
           "[2001:db8::1]:4", "[2001:db8::2]:9092"),
    Sample("dial tcp 10.0.0.5:9092: connect: connection refused", "Go net.OpError", Errno.ECONNREFUSED, "dial", "",
           PAIR[1]),
    Sample("dial tcp: lookup; dial tcp 10.0.0.5:9092: i/o timeout", "Go net.OpError", Errno.DEADLINE, "dial", "",
           PAIR[1]),
    Sample("read tcp 10.0.0.1:40000->broker.example:9092: wsarecv: An existing connection was forcibly closed by the "
           "remote host.", "Go net.OpError", Errno.ECONNRESET, "read", PAIR[0], "broker.example:9092"),
    # IBM/sarama: consumer.go, async_producer.go, client.go
    Sample(f"[sarama] 2022/04/15 15:21:31 kafka: error while consuming a.topic/3: {OP}", "Go net.OpError in Sarama",
           Errno.ECONNRESET, "read", *PAIR),
    Sample(f"consumer/broker/3 disconnecting due to error processing FetchRequest: {OP}", "Go net.OpError in Sarama",
           Errno.ECONNRESET, "read", *PAIR, {"peer_name": "broker/3"}),
    Sample("producer/broker/2 state change to [closing] because EOF", "Sarama", Errno.EOF, "read", "", "",
           {"peer_name": "broker/2", "service": "Kafka"}),
    Sample(f"client/metadata got error from broker 4 while fetching metadata: {OP}", "Go net.OpError in Sarama",
           Errno.ECONNRESET, "read", *PAIR, {"peer_name": "broker 4"}),
    # segmentio/kafka-go: reader.go
    Sample(f"the kafka reader got an unknown error reading partition 7 of topic at offset 12: {OP}",
           "Go net.OpError in kafka-go", Errno.ECONNRESET, "read", *PAIR),
    # twmb/franz-go: pkg/kgo/broker.go (handleResp)
    Sample(f"[WARN] read from broker errored, killing connection; req: Fetch, addr: {PAIR[1]}, broker: 1, "
           f"successful_reads: 12, err: {OP}", "Go net.OpError in franz-go", Errno.ECONNRESET, "read", *PAIR,
           {"peer_name": "broker 1"}),
    Sample('level=WARN msg="read from broker errored, killing connection" addr=b-1.kafka:9092 broker=1 err=EOF',
           "franz-go", Errno.EOF, "read", "", "b-1.kafka:9092", {"peer_name": "broker 1"}),
]  # fmt: skip

JAVA = "[2024-10-25 03:33:01,123] {} (org.apache.kafka.clients.NetworkClient)"
CONSUMER = "INFO [Consumer clientId=c-1, groupId=g]"
# apache/kafka: clients/src/main/java/org/apache/kafka/clients/NetworkClient.java, .../common/network/Selector.java,
# .../common/network/ServerConnectionId.java, core/src/main/scala/kafka/network/SocketServer.scala
KAFKA_JAVA = [
    Sample(JAVA.format(f"{CONSUMER} Node 2 disconnected."), "Kafka Java client", Errno.DISCONNECTED, "", "", "",
           {"peer_name": "node 2", "client_id": "c-1", "service": "Kafka"}),
    Sample(JAVA.format(f"{CONSUMER} Disconnecting from node 2 due to request timeout."), "Kafka Java client",
           Errno.DEADLINE, "request", "", "", {"peer_name": "node 2"}),
    Sample(JAVA.format(f"{CONSUMER} Disconnecting from node 2 due to socket connection setup timeout. The timeout "
                       "value is 9827 ms."), "Kafka Java client", Errno.DEADLINE, "connect"),
    Sample(JAVA.format(f"{CONSUMER} Cancelled in-flight FETCH request with correlation id 288 due to node 1 being "
                       "disconnected (elapsed time since creation: 10ms, elapsed time since send: 9ms, throttle time: "
                       "0ms, request timeout: 30000ms)"), "Kafka Java client", Errno.DISCONNECTED, "request"),
    Sample(JAVA.format("WARN [Producer clientId=p-1] Bootstrap broker kafka-1:9092 (id: -1 rack: null) disconnected"),
           "Kafka Java client", Errno.DISCONNECTED, "", "", "kafka-1:9092", {"client_id": "p-1"}),
    Sample(JAVA.format("WARN [Producer clientId=p-1] Connection to node 1 (kafka-1/10.0.0.5:9092) could not be "
                       "established. Node may not be available."), "Kafka Java client", Errno.DISCONNECTED, "connect",
           "", PAIR[1]),
    Sample(JAVA.format(f"{CONSUMER} Idle connection to node 2 disconnected."), "Kafka Java client", Errno.CLOSED_HERE),
    Sample(JAVA.format(f"{CONSUMER} Connection with kafka-1/10.0.0.5 (channelId=1) disconnected")
           + "\njava.io.IOException: Connection reset by peer\n\tat java.base/sun.nio.ch.SocketDispatcher.read0",
           "Kafka Java client", Errno.ECONNRESET, "read", "", "10.0.0.5", {"peer_name": "node 1"}),
    Sample("[2024-10-25 03:33:01,123] TRACE [SocketServer] About to close the idle connection from "
           "10.0.0.5:9092-10.0.0.1:40000-3-17 due to being idle for 600123 millis", "Kafka broker", Errno.CLOSED_HERE,
           "", PAIR[1], PAIR[0], {"idle_ns": 600_123 * MS, "by_server": True}),
    Sample("[2024-10-25 03:33:01,123] WARN Attempting to send response via channel for which there is no open "
           "connection, connection id 0:0:0:0:0:0:0:1:9092-0:0:0:0:0:0:0:2:40000-17 (kafka.network.Processor)",
           "Kafka broker", Errno.DISCONNECTED, "", "[::1]:9092", "[::2]:40000"),
]  # fmt: skip

# confluentinc/librdkafka: src/rdkafka.c (rd_kafka_log_print), src/rdkafka_broker.c, src/rdkafka_transport.c
RD = "%3|1543502040.123|FAIL|rdkafka#consumer-1| [thrd:{0}]: {0}: {1}"
LIBRDKAFKA = [
    Sample(RD.format("kafka-1.example:9092/1", "Disconnected (after 600003ms in state UP)"), "librdkafka",
           Errno.DISCONNECTED, "", "", "kafka-1.example:9092",
           {"state": "UP", "state_age_ns": 600_003 * MS, "peer_name": "broker 1", "client_id": "rdkafka",
            "clock_ns": 1_543_502_040_123 * MS}),
    Sample(RD.format("sasl_ssl://kafka-1:9094/1", "Disconnected: connection closed by peer: receive 0 after POLLIN "
                     "(after 12ms in state UP, 3 identical error(s) suppressed)"), "librdkafka", Errno.EOF, "read", "",
           "kafka-1:9094", {"state_age_ns": 12 * MS}),
    Sample(RD.format("10.0.0.5:9092/2", "Receive failed: Connection reset by peer (after 7ms in state UP)"),
           "librdkafka", Errno.ECONNRESET, "read", "", PAIR[1]),
    Sample(RD.format("10.0.0.5:9092/2", "Send failed: Broken pipe (after 7ms in state UP)"), "librdkafka", Errno.EPIPE,
           "write", "", PAIR[1]),
    Sample(RD.format("kafka-1:9092/bootstrap", "Connect to ipv4#10.0.0.5:9092 failed: Connection refused (after 3ms in "
                     "state CONNECT)"), "librdkafka", Errno.ECONNREFUSED, "connect", "", PAIR[1], {"state": "CONNECT"}),
    Sample(RD.format("10.0.0.5:9092/2", "1 request(s) timed out: disconnect (average rtt 1.2ms) (after 9ms in state "
                     "UP)"), "librdkafka", Errno.DEADLINE, "request", "", PAIR[1]),
    Sample(RD.format("10.0.0.5:9092/2", "Connection max idle time exceeded (240017ms since last activity) (after "
                     "240099ms in state UP)"), "librdkafka", Errno.CLOSED_HERE, "", "", PAIR[1],
           {"idle_ns": 240_017 * MS}),
    Sample(RD.format("GroupCoordinator", "Disconnected (after 10ms in state UP)"), "librdkafka", Errno.DISCONNECTED, "",
           "", "", {"peer_name": "GroupCoordinator"}),
    Sample('KafkaError{code=_TRANSPORT,val=-195,str="10.0.0.5:9092/1: Disconnected (after 600003ms in state UP)"}',
           "librdkafka", Errno.DISCONNECTED, "", "", PAIR[1], {"clock_ns": None}),
]  # fmt: skip

# dpkp/kafka-python: kafka/net/backend/transport.py, kafka/net/connection.py; tag 2.0.2: kafka/conn.py,
# kafka/client_async.py
KAFKA_PYTHON = [
    Sample("2018-01-04 20:27:36,487 ERROR <KafkaTCPTransport [10.0.0.5:9092<-40000]>: socket disconnected",
           "kafka-python", Errno.EOF, "read", "port 40000", PAIR[1]),
    Sample("<KafkaConnection node_id=1 host=[10.0.0.5:9092<-40000] connected>: Connection lost: KafkaConnectionError: "
           "[Errno 104] Connection reset by peer", "kafka-python", Errno.ECONNRESET, "", "port 40000", PAIR[1],
           {"peer_name": "node 1"}),
    Sample("<KafkaTCPTransport [10.0.0.5:9092<-40000]>: Error sending request data: [Errno 32] Broken pipe",
           "kafka-python", Errno.EPIPE, "write", "port 40000", PAIR[1]),
    Sample("<BrokerConnection client_id=app, node_id=1 host=kafka-1:9092 <connected> [IPv4 ('10.0.0.5', 9092)]>: "
           "socket disconnected", "kafka-python", Errno.EOF, "read", "", PAIR[1], {"client_id": "app"}),
    Sample("<BrokerConnection node_id=1 host=kafka-1:9092 <connected> [IPv6 ('2001:db8::5', 9092, 0, 0)]>: Error "
           "receiving network data closing socket\nTraceback (most recent call last):\n  File \"conn.py\"\n"
           "ConnectionResetError: [Errno 104] Connection reset by peer", "kafka-python", Errno.ECONNRESET, "read", "",
           "[2001:db8::5]:9092"),
    Sample("Closing idle connection 1, last active 540003 ms ago", "kafka-python", Errno.CLOSED_HERE, "", "", "",
           {"idle_ns": 540_003 * MS, "peer_name": "node 1"}),
]  # fmt: skip

KAFKAJS_HEAD = '{"level":"ERROR","timestamp":"2024-05-16T09:14:29.123Z","logger":"kafkajs",'
# tulios/kafkajs: src/network/connection.js, src/loggers/index.js; nodejs/node: lib/internal/errors.js
NODE = [
    Sample(KAFKAJS_HEAD + '"message":"[Connection] Connection error: read ECONNRESET","broker":"kafka-1:9092",'
           '"clientId":"app","stack":"Error: read ECONNRESET\\n    at TCP.onStreamRead"}', "kafkajs", Errno.ECONNRESET,
           "read", "", "kafka-1:9092", {"client_id": "app", "clock_ns": 1_715_850_869_123 * MS}),
    Sample(KAFKAJS_HEAD + '"message":"[Connection] Kafka server has closed connection","broker":"kafka-1:9092",'
           '"clientId":"app"}', "kafkajs", Errno.EOF, "read", "", "kafka-1:9092"),
    Sample(KAFKAJS_HEAD + '"message":"[Connection] Connection timeout","broker":"kafka-1:9092","clientId":"app"}',
           "kafkajs", Errno.DEADLINE, "connect", "", "kafka-1:9092"),
    Sample("Error: read ECONNRESET\n    at TCP.onStreamRead (node:internal/stream_base_commons:217:20) {\n"
           "  errno: -104,\n  code: 'ECONNRESET',\n  syscall: 'read'\n}", "Node.js", Errno.ECONNRESET, "read"),
    Sample("Error: write EPIPE", "Node.js", Errno.EPIPE, "write"),
    Sample("Error: connect ECONNREFUSED ::1:9092", "Node.js", Errno.ECONNREFUSED, "connect", "", "[::1]:9092"),
    Sample("Error: connect ETIMEDOUT 10.0.0.5:9092 - Local (10.0.0.1:40000)", "Node.js", Errno.ETIMEDOUT, "connect",
           *PAIR),
    Sample('{"level":50,"time":1715850869123,"err":{"type":"Error","message":"read ECONNRESET","code":"ECONNRESET",'
           '"syscall":"read"},"msg":"failed"}', "Node.js", Errno.ECONNRESET, "read", "", "",
           {"clock_ns": 1_715_850_869_123 * MS}),
    Sample("Error: socket hang up\n    at connResetException (node:internal/errors:720:14)", "Node.js",
           Errno.DISCONNECTED, "read"),
]  # fmt: skip

# python/cpython: Objects/exceptions.c (OSError.__str__), Lib/http/client.py
PYTHON = [
    Sample("ConnectionResetError: [Errno 104] Connection reset by peer", "Python", Errno.ECONNRESET),
    Sample("ConnectionResetError: [Errno 54] Connection reset by peer", "Python", Errno.ECONNRESET),
    Sample("ConnectionResetError: [WinError 10054] An existing connection was forcibly closed by the remote host",
           "Python", Errno.ECONNRESET),
    Sample("2024-05-16 09:14:29,123 ERROR failed\nTraceback (most recent call last):\n  File \"a.py\", line 3, in f\n"
           "    sock.sendall(data)\nBrokenPipeError: [Errno 32] Broken pipe", "Python", Errno.EPIPE, "write"),
    Sample("TimeoutError: [Errno 110] Connection timed out", "Python", Errno.ETIMEDOUT),
    Sample("socket.timeout: timed out", "Python", Errno.DEADLINE),
    Sample("requests.exceptions.ConnectionError: ('Connection aborted.', ConnectionResetError(104, 'Connection reset "
           "by peer'))", "Python", Errno.ECONNRESET),
    Sample("HTTPConnectionPool(host='10.0.0.5', port=8080): Max retries exceeded with url: / (Caused by "
           "NewConnectionError: [Errno 111] Connection refused)", "Python", Errno.ECONNREFUSED, "connect", "",
           "10.0.0.5:8080"),
]  # fmt: skip

NGINX_HEAD = "2024/01/01 12:00:00 [error] 12#12: *5 "
NGINX_TAIL = ', client: 10.0.0.1, server: a.example, request: "GET / HTTP/1.1", upstream: "http://10.0.0.5:8080/x"'
STREAM_TAIL = ', client: 10.0.0.1, server: 0.0.0.0:9092, upstream: "10.0.0.5:9092", bytes from/to client:0/0'
# nginx/nginx: src/http/ngx_http_upstream.c, src/os/unix/ngx_recv.c, src/os/unix/ngx_writev_chain.c,
# src/stream/ngx_stream_proxy_module.c
NGINX = [
    Sample(f"{NGINX_HEAD}recv() failed (104: Connection reset by peer) while reading response header from upstream"
           + NGINX_TAIL, "nginx", Errno.ECONNRESET, "read", "", "10.0.0.5:8080", {"by_server": False}),
    Sample(f"{NGINX_HEAD}upstream prematurely closed connection while reading response header from upstream"
           + NGINX_TAIL, "nginx", Errno.EOF, "read", "", "10.0.0.5:8080"),
    Sample(f"{NGINX_HEAD}upstream timed out (110: Connection timed out) while reading response header from upstream"
           + NGINX_TAIL, "nginx", Errno.DEADLINE, "read", "", "10.0.0.5:8080"),
    Sample(f"{NGINX_HEAD}recv() failed (110: Connection timed out) while reading response header from upstream"
           + NGINX_TAIL, "nginx", Errno.ETIMEDOUT, "read", "", "10.0.0.5:8080"),
    # kvspb/nginx-auth-ldap: a timer of a module, whose connection the line does not name
    Sample("2014/07/28 09:00:31 [info] 8020#0: http_auth_ldap: Request timed out (state=1) (110: Connection timed out)",
           "nginx", Errno.DEADLINE, "", "", "", {"by_server": False}),
    Sample(f"{NGINX_HEAD}connect() failed (111: Connection refused) while connecting to upstream{NGINX_TAIL}", "nginx",
           Errno.ECONNREFUSED, "connect", "", "10.0.0.5:8080"),
    Sample(f"{NGINX_HEAD}writev() failed (32: Broken pipe) while sending to client{NGINX_TAIL}", "nginx", Errno.EPIPE,
           "write", "", "10.0.0.1", {"by_server": True}),
    Sample(f"{NGINX_HEAD}recv() failed (104: Connection reset by peer) while proxying and reading from client"
           + STREAM_TAIL, "nginx", Errno.ECONNRESET, "read", "port 9092", "10.0.0.1"),
    Sample(f"{NGINX_HEAD}recv() failed (104: Connection reset by peer) while proxying and reading from upstream"
           + STREAM_TAIL, "nginx", Errno.ECONNRESET, "read", "", PAIR[1]),
]  # fmt: skip

# haproxy/haproxy: doc/configuration.txt, "TCP log format", "HTTP log format", "Session state at disconnection"
HAPROXY = [
    Sample("Feb  6 12:12:56 lb haproxy[143]: 10.0.0.1:33313 [06/Feb/2009:12:12:51.443] fnt bck/srv1 0/0/5007 212 sD "
           "0/0/0/0/3 0/0", "HAProxy", Errno.CLOSED_HERE, "", "", "",
           {"termination": "sD", "beside": NamedEnd("10.0.0.1", 33313), "by_server": False, "age_ns": None,
            "lasted_ns": 5007 * MS, "clock_ns": 1_233_922_376_450 * MS, "peer_name": "bck/srv1"}),
    Sample("haproxy[1]: 2001:db8::1:33313 [06/Feb/2009:12:12:51.443] fnt bck/srv1 0/0/+5007 +212 CD 0/0/0/0/3 0/0",
           "HAProxy", Errno.DISCONNECTED, "", "", "[2001:db8::1]:33313", {"termination": "CD"}),
    Sample('haproxy[1]: 10.0.0.1:33317 [06/Feb/2009:12:14:14.655] in static/srv1 10/0/30/69/109 200 2750 - - cD-- '
           '1/1/1/1/0 0/0 {a} {} "GET / HTTP/1.1"', "HAProxy", Errno.CLOSED_HERE, "", "", "10.0.0.1:33317",
           {"termination": "cD--", "lasted_ns": 109 * MS}),
]  # fmt: skip

ENVOY_HEAD = '[2024-05-16T09:14:29.123Z] "GET /x HTTP/1.1" 503 '
ISTIO_TAIL = (
    ' via_upstream - "-" 0 95 3 - "-" "curl/8" "1b" "a.example" "10.0.0.5:9092" outbound|80||svc.local '
    "10.0.0.1:40000 10.0.0.3:80 10.0.0.4:50000 - -"
)
# envoyproxy/envoy: docs/root/configuration/observability/access_log/usage.rst; istio/istio: EnvoyTextLogFormat
ENVOY = [
    Sample(f"{ENVOY_HEAD}UC{ISTIO_TAIL}", "Envoy", Errno.DISCONNECTED, "", *PAIR, {"by_server": False}),
    Sample(f"{ENVOY_HEAD}DC{ISTIO_TAIL}", "Envoy", Errno.DISCONNECTED, "", "10.0.0.3:80", "10.0.0.4:50000",
           {"by_server": True}),
    Sample(f'{ENVOY_HEAD}UT 0 24 10000 - "-" "curl/8" "1b" "a.example" "10.0.0.5:9092"', "Envoy", Errno.DEADLINE,
           "read", "", PAIR[1]),
    Sample('[2024-05-16T09:14:29.123Z] "- - -" 0 UF,URX - - "delayed_connect_error:_111" 0 0 3 - "-" "-" "-" "-" '
           '"10.0.0.5:5432" outbound|5432||db - 10.0.0.3:5432 10.0.0.4:50000 - -', "Envoy", Errno.ECONNREFUSED,
           "connect", "", "10.0.0.5:5432"),
    Sample('{"response_flags":"UC","upstream_host":"10.0.0.5:9092","upstream_local_address":"10.0.0.1:40000",'
           '"start_time":"2024-05-16T09:14:29.123Z"}', "Envoy", Errno.DISCONNECTED, "", *PAIR,
           {"clock_ns": 1_715_850_869_123 * MS}),
]  # fmt: skip

# postgres/postgres: src/backend/libpq/pqcomm.c, src/backend/tcop/postgres.c, src/interfaces/libpq/fe-misc.c;
# pgjdbc/pgjdbc: QueryExecutorImpl.java
POSTGRESQL = [
    Sample("2025-11-15 12:22:51.729 UTC [7755] app@db 10.0.0.1(40000) LOG:  could not receive data from client: "
           "Connection reset by peer", "PostgreSQL server", Errno.ECONNRESET, "read", "", PAIR[0], {"by_server": True}),
    Sample("2025-11-15 12:22:51.729 CET [7755] LOG:  could not send data to client: Broken pipe", "PostgreSQL server",
           Errno.EPIPE, "write", "", "", {"clock_ns": 1_763_209_371_729 * MS}),
    Sample("2025-11-15 12:22:51.729 UTC [7755] FATAL:  terminating connection due to idle-session timeout",
           "PostgreSQL server", Errno.CLOSED_HERE),
    Sample("psycopg2.errors.IdleSessionTimeout: FATAL:  terminating connection due to idle-session timeout",
           "PostgreSQL client", Errno.EOF, "read"),
    Sample("psycopg2.OperationalError: server closed the connection unexpectedly\n\tThis probably means the server "
           "terminated abnormally", "PostgreSQL client", Errno.EOF, "read", "", "", {"service": "PostgreSQL"}),
    Sample("could not receive data from server: Connection timed out", "PostgreSQL client", Errno.ETIMEDOUT, "read"),
    Sample('connection to server at "db.example" (10.0.0.5), port 5432 failed: Connection refused',
           "PostgreSQL client", Errno.ECONNREFUSED, "connect", "", "10.0.0.5:5432"),
    Sample("org.postgresql.util.PSQLException: An I/O error occurred while sending to the backend.\n\tat x\n"
           "Caused by: java.net.SocketException: Broken pipe (Write failed)", "PostgreSQL client", Errno.EPIPE,
           "write"),
]  # fmt: skip

# mysql/mysql-server: share/messages_to_error_log.txt, include/errmsg.h; mysql/mysql-connector-j:
# LocalizedErrorMessages.properties; go-sql-driver/mysql: packets.go
MYSQL = [
    Sample("2021-04-17T21:23:00.865868Z 3 [Note] [MY-010914] [Server] Aborted connection 3 to db: 'x' user: 'root' "
           "host: '10.0.0.1' (Got timeout reading communication packets).", "MySQL server", Errno.CLOSED_HERE, "read",
           "", "10.0.0.1", {"by_server": True, "clock_ns": 1_618_694_580_865_868_000}),
    Sample("2021-04-17T21:23:00.865868Z 3 [Note] Aborted connection 3 to db: 'x' user: 'root' host: 'app.example' (Got "
           "an error writing communication packets)", "MySQL server", Errno.DISCONNECTED, "write", "", "app.example"),
    Sample("2018-08-13 16:50:54 ERROR com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link "
           "failure\n\nThe last packet successfully received from the server was 3,600,310 milliseconds ago. The last "
           "packet sent successfully to the server was 3,600,311 milliseconds ago.\nCaused by: "
           "java.net.SocketException: Connection reset", "MySQL Connector/J", Errno.ECONNRESET, "", "", "",
           {"idle_ns": 3_600_310 * MS, "service": "MySQL"}),
    Sample("[mysql] 2024/05/16 09:14:29 packets.go:37: unexpected EOF", "go-sql-driver", Errno.EOF, "read"),
    Sample("[mysql] 2024/05/16 09:14:29 packets.go:122: closing bad idle connection: "
           f"{OP.replace('9092', '3306')}", "Go net.OpError", Errno.ECONNRESET, "read", PAIR[0], "10.0.0.5:3306"),
    Sample("(2006, 'MySQL server has gone away')", "MySQL client", Errno.DISCONNECTED),
    Sample("ERROR 2013 (HY000): Lost connection to MySQL server at 'reading initial communication packet', system "
           "error: 104", "MySQL client", Errno.ECONNRESET, "read"),
    Sample("ERROR 4031 (HY000): The client was disconnected by the server because of inactivity.", "MySQL client",
           Errno.EOF, "read"),
]  # fmt: skip

# redis/redis: src/networking.c; redis/redis-py: redis/connection.py; redis/jedis: .../util/RedisInputStream.java
REDIS = [
    Sample("redis.exceptions.ConnectionError: Error 104 while writing to socket. Connection reset by peer.", "redis-py",
           Errno.ECONNRESET, "write", "", "", {"service": "Redis"}),
    Sample("redis.exceptions.ConnectionError: Error while reading from 10.0.0.5:6379 : (104, 'Connection reset by "
           "peer')", "redis-py", Errno.ECONNRESET, "read", "", "10.0.0.5:6379"),
    Sample("redis.exceptions.ConnectionError: Connection closed by server.", "redis-py", Errno.EOF, "read"),
    Sample("redis.exceptions.TimeoutError: Timeout reading from 10.0.0.5:6379", "redis-py", Errno.DEADLINE, "read", "",
           "10.0.0.5:6379"),
    Sample("redis.exceptions.ConnectionError: Error 111 connecting to 10.0.0.5:6379. Connection refused.", "redis-py",
           Errno.ECONNREFUSED, "connect", "", "10.0.0.5:6379"),
    Sample("redis.clients.jedis.exceptions.JedisConnectionException: Unexpected end of stream.", "Jedis", Errno.EOF,
           "read"),
    Sample("redis.clients.jedis.exceptions.JedisConnectionException: java.net.SocketException: Broken pipe", "Jedis",
           Errno.EPIPE, "write"),
    Sample("1:M 16 May 2024 09:14:29.123 - Client closed connection id=3 addr=10.0.0.1:40000 laddr=10.0.0.5:6379 fd=8 "
           "name= age=855 idle=12 flags=N", "Redis server", Errno.EOF, "read", "10.0.0.5:6379", PAIR[0],
           {"by_server": True, "idle_ns": 12 * S, "lasted_ns": 855 * S, "clock_ns": 1_715_850_869_123 * MS}),
    Sample("1:M 16 May 2024 09:14:29.123 - Closing idle client", "Redis server", Errno.CLOSED_HERE, "read"),
    Sample("1:M 16 May 2024 09:14:29.123 - Reading from client: Connection reset by peer", "Redis server",
           Errno.ECONNRESET, "read"),
]  # fmt: skip

PLAIN = [
    Sample("java.io.IOException: Broken pipe", "error text", Errno.EPIPE, "write"),
    Sample(
        "peer 10.0.0.5:9092 gone: Connection reset by peer (os error 104)",
        "error text",
        Errno.ECONNRESET,
        "",
        "",
        PAIR[1],
    ),
    Sample("10.0.0.1:40000 -> 10.0.0.5:9092 failed: No route to host", "error text", Errno.EHOSTUNREACH, "", *PAIR),
    Sample("10.0.0.1:4 or 10.0.0.5:9 failed: connection reset", "error text", Errno.ECONNRESET),
    # netty/netty: transport/.../AbstractChannel.java (toString), 4.1 and 4.0
    Sample(
        "[id: 0x6ef9d608, L:/10.0.0.1:40000 ! R:broker.example/10.0.0.5:9092] Connection reset by peer",
        "error text",
        Errno.ECONNRESET,
        "",
        *PAIR,
    ),
    Sample(
        "Unexpected exception during request; channel = [id: 0x00b9ea1e, /10.0.0.5:9092 :> /10.0.0.1:40000]\n"
        "java.io.IOException: Error while read(...): Connection reset by peer",
        "error text",
        Errno.ECONNRESET,
        "read",
        *PAIR,
        {"by_server": True, "product": "Cassandra"},
    ),
    # openssh/openssh-portable: packet.c (sshpkt_vfatal), clientloop.c
    Sample(
        "Jan 11 15:59:23 web sshd[892]: Read error from remote host 10.0.0.5 port 9092: Connection reset by peer",
        "error text",
        Errno.ECONNRESET,
        "read",
        "",
        PAIR[1],
        {"by_server": True},
    ),
    Sample(
        "ssh: connect to host a.example port 22: Operation timed out",
        "error text",
        Errno.ETIMEDOUT,
        "connect",
        "",
        "a.example:22",
    ),
    # golang/go: net/http/server.go (serve)
    Sample(
        "2022/10/23 01:05:26 server.go:3230: http: TLS handshake error from [::ffff:10.0.0.5]:9092: EOF",
        "error text",
        Errno.EOF,
        "read",
        "",
        PAIR[1],
        {"by_server": True},
    ),
    # rabbitmq/rabbitmq-server: deps/rabbit/src/rabbit_reader.erl: the arrow goes from the client to the server
    Sample(
        "=ERROR REPORT==== 25-Mar-2019::07:54:25 ===\nclosing AMQP connection <0.5.0> (10.0.0.5:9092 -> "
        "10.0.0.1:40000):\nmissed heartbeats from client, timeout: 8s",
        "error text",
        Errno.CLOSED_HERE,
        "",
        *PAIR,
        {"by_server": True, "clock_ns": 1_553_500_465 * S},
    ),
    # pgbouncer/pgbouncer: src/objects.c (disconnect_server, disconnect_client)
    Sample(
        "2024-12-30 01:33:02.101 UTC [1] LOG S-0x7a94: app/bob@10.0.0.5:9092 closing because: server idle timeout "
        "(age=600s)",
        "error text",
        Errno.CLOSED_HERE,
        "",
        "",
        PAIR[1],
        {"lasted_ns": 600 * S},
    ),
    Sample(
        "C-0x7a94: app/bob@10.0.0.5:9092 pooler error: server conn crashed?",
        "error text",
        Errno.DISCONNECTED,
        "",
        "",
        "",
        {"beside": NamedEnd("10.0.0.5", 9092)},
    ),
    # curl/curl: lib/vtls/openssl.c; macOS' number
    Sample("curl: (56) LibreSSL SSL_read: SSL_ERROR_SYSCALL, errno 54", "error text", Errno.ECONNRESET, "read"),
    Sample(
        '{"t":{"$date":"2024-01-16T22:05:13.913+00:00"},"s":"I","c":"NETWORK","msg":"Error sending response",'
        '"attr":{"error":"HostUnreachable: Connection closed by peer","remote":"10.0.0.5:9092"}}',
        "error text",
        Errno.EOF,
        "read",
        "",
        PAIR[1],
        {"clock_ns": 1_705_442_713_913 * MS},
    ),
    Sample(
        'Get "http://a.example:8080/x": net/http: timeout awaiting response headers',
        "error text",
        Errno.DEADLINE,
        "read",
        "",
        "a.example:8080",
    ),
    Sample(
        "ERROR pool: connection to db-1:5432 lost (idle for 901.7 seconds)",
        "error text",
        Errno.DISCONNECTED,
        "",
        "",
        "db-1:5432",
        {"idle_ns": 901_700 * MS},
    ),
]

SAMPLES = [
    *GO, *KAFKA_JAVA, *LIBRDKAFKA, *KAFKA_PYTHON, *NODE, *PYTHON, *NGINX, *HAPROXY, *ENVOY, *POSTGRESQL, *MYSQL,
    *REDIS, *PLAIN,
]  # fmt: skip
