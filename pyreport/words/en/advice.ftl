# What the reader can do (advice-ID), and what to ask the other side for (ask-ID): the rows of pyreport/advice/advice.toml.

advice-nothing = Nothing needs doing: this capture shows how connections usually end, or live on.
advice-nothing_closed_here = Nothing needs doing about { $peer } or the network: { $local } closed the connection itself.
advice-who_closed_here = If the program did not mean to close the connection, look in the program for what closed it: a limit of its own, a cancelled context, or a socket that is used after its close.

advice-find_the_freeze = Find what stopped the host in the time below: look at the hypervisor's log (pause, migration, snapshot, backup), at steal time, and at the host's kernel log (clock jumps, soft lockups). A pause of the program alone, such as garbage collection, does not stop the kernel's probes.
advice-find_the_loss = Find where the packets were lost: record at both ends at the same time (see below), and compare the two captures with pyreport compare. Look at the drop counters of every hop (ip -s link, ethtool -S), at route changes, and at migrations in that time.
advice-reach_the_next_hop = See why { $next_hop }, the next hop of { $local }'s host, does not answer: whether it runs, whether the link to it is up, and which hardware address the host has for it now (ip neigh, arping).
advice-find_the_rule = Ask who runs the device { $device } for the rule, the route or the state that made it refuse these packets. It says so itself, by ICMP.
advice-record_both_directions = Record again, in both directions: on a host, on all its interfaces (-i any); at a mirror port, what is sent and what is received. The filter must match both directions (host and port, not src or dst alone).
advice-network_share = Packets were lost or held up before { $local } closed the connection, whether or not that was the reason. Find where: record at both ends at the same time (see below), and look at the drop counters and the queues of every hop (ip -s link, ethtool -S, tc -s qdisc).
advice-find_the_silence = Find out whether { $silent } was down, or the path to it: look at its uptime and at its migrations in that time, and capture there (see below). Such a capture shows whether the probes arrived.
advice-survive_the_silence = If outages like this one are known and end by themselves, let keep-alive outlast them with more probes or a longer interval. Keep-alive then also notices a dead peer later.
advice-notice_sooner = Without a setting, such a loss is noticed only after net.ipv4.tcp_retries2 (15 by default, which takes 13 to 30 minutes). To notice it sooner, set TCP_USER_TIMEOUT on the socket, or give the request a time limit in the program.
advice-find_the_filter = Look at the packet filter of { $filtering }'s host: its rules with their counters (nft list ruleset, iptables -L -v -n), its connection table (conntrack -L) and its log. A capture on a host shows what comes in before the host's own filter drops it.
advice-find_the_device = Find the device that closed the connection in the name of { $closer }: list every firewall, balancer, proxy and translator (NAT) on the way, look for this connection in their logs, and record at { $closer } too (see below). What { $closer } never sent, a device sent.
advice-use_it_before_the_device_forgets = The connection had been silent for { $packet_age }, longer than ever before, when a packet failed on it. A firewall, balancer or translator (NAT) on the way may have forgotten it by then. Let keep-alive of { $local } probe in a shorter time than the device's limit, or let the connection pool close what was unused that long: after { $silent_below } at most (idle time, or lifetime, of the pool).
advice-probes_would_not_help = Tighter keep-alive would not have helped: the probes before the close were answered, so the device had not forgotten the connection.

advice-large_packets = Find where the size of packets is limited on the way (a tunnel, a VPN, an overlay network): test with ping and the don't-fragment bit (ping -M do -s 1472) or tracepath. Let ICMP “fragmentation needed” through every filter, or lower the MTU (or clamp the MSS) at the ends; net.ipv4.tcp_mtu_probing=1 on Linux finds the size by itself.
advice-find_the_rest = Look at { $peer } for what became of the reply after its last data, and capture there as well: it shows whether { $peer } sent more than came to { $local }.
advice-unanswered_request = Look in the log of { $peer } for the last data of { $local }, which had no reply when { $local } closed: whether the program there read it, and what it waited for.
advice-find_why_it_does_not_read = Find what kept the program at { $local } from reading in the time below: look at its thread dump, and at what it waits for itself. Until then, “ss -tn” shows what waits unread for it (Recv-Q). A kernel waits for a closed window as long as the other side answers, so the program of the other side needs a time limit for its writes.
advice-find_the_stall = Find what kept the program at { $peer } from reading or answering in the time below: look at its thread dump, its queue and its pool of workers, at garbage collection, and at what it waits for itself. Network and kernel took part to the end.
advice-find_the_lost_answer = Capture at the end that sent the SYN. If the SYN-ACKs arrive there, that host drops them: look at its packet filter, at rp_filter, and at checksums that a network card or its driver gets wrong (nstat shows TcpInCsumErrors; ethtool -K switches offloads off). If they do not arrive, look for another route back, and for packet filters on it.
advice-find_the_listener = Find out at { $peer } whether the program listens there, and whether its listen queue is full (ss -ltn shows Recv-Q against Send-Q, nstat shows TcpExtListenOverflows). Look at packet filters on the way and on the host.
advice-close_before_the_peer = The request met a close that { $peer } had just sent. Let the idle limit of the client be shorter than { $peer }'s, and let the client repeat, on a new connection, what can safely be done twice.
advice-restart = Ask what restarted at { $peer } in the time below: a deployment, a crash, the kernel's out-of-memory killer, or a failover. Then let the program reconnect by itself, with a growing pause between attempts.
advice-the_waiting_request = Look in { $peer }'s log for { $request }: the connection ended while this request was waiting for its response.
advice-answer_sooner = Find what kept the program at { $local } from answering { $peer } in the time below: look at its log, its queue and its pool of workers, and at what it waits for itself. If the work takes so long, { $peer } has to wait longer.
advice-why_closed = Look in { $peer }'s log at { $close_time } for why it closed the connection. The close came { $data_age } after the last data, so an idle limit is not the first thing to look for.
advice-why_closed_idle = Look in { $peer }'s log at { $close_time } for why it closed the connection. The connection had been without data for { $data_age }: no limit of this length is known, and one close alone does not make it one.
advice-why_closed_without_data = Look in { $peer }'s log at { $close_time } for why it closed the connection. The capture shows no data from before the close.
advice-why_reset = Look in { $peer }'s log at { $close_time }. { $reset_by ->
    [socket] The RST came from its own socket: a program that ends, or that closes with data unread or with SO_LINGER 0, sends one, and so does a kernel that gives a connection up.
    [program] The program there closed with data unread or with SO_LINGER 0, which ends a connection by an RST.
    [program_or_host] The RST comes from a program that closed with data unread or with SO_LINGER 0, or from a host that does not know the connection (after a restart or a failover).
    [program_or_device] Such an RST comes from a program that closed with data unread or with SO_LINGER 0, or from a device in between. A capture there (see below) tells which.
   *[any] An RST without a FIN comes from a program that closed with data unread or with SO_LINGER 0, from a host that does not know the connection (after a restart or a failover), or from a device in between. A capture there (see below) tells which.
}
advice-retry_first_use = Let the program try once more, on a new connection, when the first use of a kept connection fails (EPIPE, ECONNRESET, end-of-file): a peer may close at any time. Repeat only what can safely be done twice.
advice-idle_below_the_peer = Let { $local } drop idle connections before { $peer } does: well below { $data_age }, such as after { $below }.
advice-ping_less_often = Let the client send HTTP/2 PINGs less often than the server permits, or let the server permit more. gRPC servers take one every 5 minutes by default, and none without a call (grpc-go: keepalive.EnforcementPolicy; gRPC Core: GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS). The client's setting is its keep-alive time.
advice-read_while_idle = Let the program read from the connection, or poll it, while the connection is idle, and close it at end-of-file: it had not closed its side { $kept } after the FIN, and a program learns of a FIN only by reading.
advice-host_share = Apart from the close, find why { $local } sent no probe when one was due: look at the hypervisor's log for the time below, at the host's kernel log, and at its outgoing firewall rules. The missing probe did not cause the close.
advice-raise_the_peers_limit = Or raise the limit of { $data_age } where it is set: on { $peer }, or on a proxy in front of it. A higher limit only makes the close come later.
advice-probes_do_not_count = Keep-alive is no remedy here: the probes were answered, and a probe carries no data that an idle limit could count.
advice-the_client_closed_idle = A client that drops an idle connection does nothing wrong. Let { $local } read the end-of-file and close its side.

advice-capture_again = Capture again, at both ends at once and before the trouble begins, so that the capture has the handshake and the end of the connection. The command is below.

# Which request was waiting, in advice-the_waiting_request.
kafka-request = the { $api } request with correlation id { NUMBER($correlation_id, useGrouping: 0) }
kafka-request-of-client = the { $api } request with correlation id { NUMBER($correlation_id, useGrouping: 0) } of client id “{ $client_id }”

ask-packets = Packets of that time, if any were recorded. For the next time, headers only, 20 files of 100 MB in a ring:
ask-packets_before_the_close = { ask-packets }
ask-sockets = The state of the socket, as long as the socket is there (without the port, ss lists its other connections with their timers):
ask-counters_close = Counters of { $peer }'s kernel, now and after the next time:
ask-counters_reset = { ask-counters_close }
ask-counters_loss = { ask-counters_close }
ask-log = The log of { $peer } for that time, at the level at which it tells why it closes connections.
ask-log_of_the_broker = The broker's log for that time. The broker tells of idle closes only at level TRACE of org.apache.kafka.common.network.Selector.
ask-log_of_an_idle_close = { ask-log }
ask-idle_settings = Which idle limit is { $data_age }: { $server_settings }, or the limit of a proxy, balancer or service mesh in front of it?
ask-fin_wait = Why { $peer } had forgotten the connection { $forgot } after its FIN: net.ipv4.tcp_fin_timeout, net.ipv4.tcp_max_tw_buckets, or a proxy?
ask-device_settings = For each firewall, balancer and translator (NAT) on the way: its idle limit, whether it sends an RST when the limit is over, and its log for this connection.
ask-uptime = When the host and its service were last started, and who restarted them.
ask-path_sizes = Of every link, tunnel, VPN and overlay network between the two hosts: the largest packet that it takes (its MTU), and whether it sends and passes “fragmentation needed” (ICMP type 3, code 4; ICMPv6 type 2).
ask-rule_of_the_device = From whoever runs { $device }: the rule, the route or the state that refused the packets, since when it has been there, and the device's log for that time.
ask-next_hop = From whoever runs { $next_hop }, the next hop of { $local }'s host: its log for that time (restart, failover of a shared address, a link that went down, a changed hardware address).
ask-migrations = The hypervisor's log of both hosts for that time: migration, pause, snapshot, backup, failover.
ask-migrations_here = From whoever runs { $local }'s hypervisor: its log for that time (migration, pause, snapshot, backup).

# The server's idle limits, in ask-idle_settings.
settings-named = the setting { $settings }
settings-unknown = the limit of the program itself

# The letter to the other side, a line each.
letter-connection = Connection: TCP { $local } -> { $peer }
letter-window = Time: { $start } to { $end }
letter-close-by-fin = Close: { $time } by the clock of this capture: FIN of { $sender }, sequence number { NUMBER($sequence, useGrouping: 0) }
letter-close-by-rst = Close: { $time } by the clock of this capture: RST of { $sender }, sequence number { NUMBER($sequence, useGrouping: 0) }
letter-private-address = Your side hardly sees { $local }, a private address. It sees the address of a translator (NAT): look for the connection by the time, the port { NUMBER($port, useGrouping: 0) } and the sequence number.
letter-other-address = If a translator (NAT), a balancer or a container network stands on the way, your side sees another address or port: then look for the connection by the time, the port { NUMBER($port, useGrouping: 0) } and the sequence number.

# Whose settings the advice names, and how that is known.
software-by-log = The settings are those of { $name }: the log line has its format.
software-by-its-name = The settings are those of { $name }: the client calls itself “{ $said }” in its requests.
software-as-examples = The settings are those of { $names }, as examples: this capture does not tell which software it is.

# What a product calls a setting, after its name and a colon; the defaults are those of the source in advice.toml.
limit-with-default = { $setting }, default { $limit }
limit-off-by-default = { $setting }, off by default
setting-kafka_java-retry = retries and delivery.timeout.ms of the producer, on by default in current versions
setting-kafka_java-keepalive = always on, with the times of the host: net.ipv4.tcp_keepalive_time, _intvl, _probes
setting-librdkafka-retry = message.send.max.retries of the producer (default 2147483647; 2 in old versions)
setting-librdkafka-read = it polls, and reconnects by itself; log.connection.close=false hides the log line
setting-librdkafka-keepalive = socket.keepalive.enable (default false), with the times of the host: net.ipv4.tcp_keepalive_time
setting-sarama-idle = it has no idle limit; close and re-open the client after a pause, or send a small request now and then
setting-sarama-retry = Producer.Retry.Max (default 3), Metadata.Retry.Max (3); a consumer tries again after Consumer.Retry.Backoff (2 s)
setting-sarama-read = it reads only while a response is owed, so it cannot see a FIN when idle
setting-sarama-keepalive = Net.KeepAlive, for idle time and interval alike
setting-kafka_go-retry = Writer.MaxAttempts (default 10)
setting-kafka_go-read = it reads only for a request, so it cannot see a FIN when idle
setting-franz_go-retry = kgo.RequestRetries (default 20), kgo.RecordRetries
setting-franz_go-read = it reads only while a response is owed, so it cannot see a FIN when idle
setting-kafka_python-retry = retries of KafkaProducer
setting-kafkajs-retry = retry: {"{"} retries, initialRetryTime {"}"} of the client
setting-kafkajs-keepalive = always on after 60 s; another socketFactory changes it
setting-nginx-idle = keepalive_timeout in the upstream block (default 60 s)
setting-nginx-retry = proxy_next_upstream (default error timeout); non_idempotent for POST
setting-nginx-keepalive = proxy_socket_keepalive on, with the times of the host
setting-haproxy-idle = timeout client, timeout server; timeout tunnel in place of both once the connection is a tunnel
setting-haproxy-retry = retries, retry-on (HTTP)
setting-haproxy-keepalive = option clitcpka, option srvtcpka; clitcpka-idle, srvtcpka-idle
setting-libpq-idle = the pool's limit, such as HikariCP maxLifetime and idleTimeout
setting-libpq-keepalive = keepalives_idle, keepalives_interval, keepalives_count, tcp_user_timeout
setting-mysql-idle = the pool's limit: db.SetConnMaxLifetime and db.SetConnMaxIdleTime (Go), HikariCP maxLifetime and idleTimeout (Java)
setting-redis_py-idle = health_check_interval: a PING before use after this many idle seconds, with one new attempt
setting-redis_py-retry = retry and retry_on_error
setting-redis_py-keepalive = socket_keepalive
setting-linux-keepalive = net.ipv4.tcp_keepalive_time, _intvl, _probes, or TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT on the socket

# What of a setting or of a row of known_timers.toml was not looked up, after "unverified:".
unverified-parts = { $parts }
unverified-limit = the default
unverified-range = the range that it can be set to
unverified-ends = how it ends a connection
unverified-refreshed = whether keep-alives refresh it
unverified-row = the whole row
unverified-kafkajs-retry = the name of retries (read in a secondary source)
unverified-nginx-idle = the default (read in a secondary source)
unverified-haproxy-retry = retry-on
