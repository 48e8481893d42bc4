# 读者可以做什么（advice-ID），请对端提供什么（ask-ID）：对应 pyreport/advice/advice.toml 的各行。

advice-nothing = 无需处理：此次抓包中的连接都是正常结束，或者仍然正常。
advice-nothing_closed_here = { $peer } 和网络无需处理：连接是 { $local } 自己关闭的。
advice-who_closed_here = 如果程序本无意关闭连接，请在程序中查找是什么关闭了它：程序自己的时限、被取消的 context，或者套接字关闭后仍在使用。

advice-find_the_freeze = 查明在下面的时间段内是什么让主机停顿：查宿主机（虚拟化平台）的日志（挂起、热迁移、快照、备份）、steal 时间，以及该主机的内核日志（时钟跳变、soft lockup）。仅程序自己的停顿（例如垃圾回收）不会让内核停发探测包。
advice-find_the_loss = 查明报文丢在哪里：两端同时抓包（见下文），再用 pyreport compare 对比两份抓包。检查每一跳的丢弃计数（ip -s link、ethtool -S）、路由变更，以及该时间段内的热迁移。
advice-reach_the_next_hop = 查明 { $next_hop }（{ $local }所在主机的下一跳）为什么没有回答：它是否在运行，到它的链路是否正常，主机上现在记录的它的 MAC 地址是什么（ip neigh、arping）。
advice-find_the_rule = 请管理设备 { $device } 的人查明，是哪条规则、哪条路由或什么状态让它拒绝这些报文；它已用 ICMP 说明自己拒绝了。
advice-record_both_directions = 请重新抓包，两个方向都要抓到：主机上收发走不同网卡时，用 -i any 抓全部接口；交换机镜像口要同时镜像收和发；过滤表达式要能匹配两个方向（用 host、port，不要只用 src 或 dst）。
advice-network_share = 在 { $local } 关闭连接之前就有报文丢失或在途中滞留，不论这是不是关闭的原因。查明发生在哪里：两端同时抓包（见下文），并检查每一跳的丢弃计数和队列（ip -s link、ethtool -S、tc -s qdisc）。
advice-find_the_silence = 请查明不通的是 { $silent } 还是去往它的链路：查它的运行时间（uptime）和该时间段内的热迁移，并在那里抓包（见下文）。从那里的抓包可以看出探测包是否到达。
advice-survive_the_silence = 如果这类中断是已知的，并且会自行恢复，可增大探测次数上限或探测间隔，让保活撑过去。代价是发现对端已失效也会更晚。
advice-notice_sooner = 如果不作设置，这样的丢包要等 net.ipv4.tcp_retries2 用尽才会被发现（默认 15，需 13 到 30 分钟）。要更早发现，可在套接字上设置 TCP_USER_TIMEOUT，或者在程序中给请求设置时限。
advice-find_the_filter = 检查 { $filtering } 主机的包过滤：规则及其计数（nft list ruleset、iptables -L -v -n）、连接跟踪表（conntrack -L）和日志。在主机上抓包时，进来的报文先被抓到，然后才轮到主机自己的包过滤规则丢弃。
advice-find_the_device = 找出以 { $closer } 名义关闭连接的设备：列出途经的每一个防火墙、负载均衡、代理和 NAT 网关，在它们的日志中查找这条连接，并在 { $closer } 也抓包（见下文）。凡是 { $closer } 没有发过的，就是中间设备发的。
advice-probes_would_not_help = 调密保活没有用：关闭之前的探测包都有响应，说明设备并没有清除这条连接。

advice-restart = 询问在下面的时间段内 { $peer } 上是什么重启了：发布、崩溃、内核 OOM killer，还是故障切换。并让程序自行重连，重试间隔逐次增大。
advice-the_waiting_request = 在 { $peer } 的日志中查找 { $request }：连接结束时，这个请求还在等待响应。
advice-answer_sooner = 查明在下面的时间里是什么让 { $local } 的程序没有答复 { $peer }：检查它的日志、队列和工作线程池，以及它自己在等待什么。如果处理确实需要这么久，{ $peer } 就必须等得更久。
advice-why_closed = 在 { $peer } 的日志中查 { $close_time } 为什么关闭连接。关闭发生在最后的数据之后 { $data_age }，所以首先要查的不是空闲超时。
advice-why_closed_without_data = 在 { $peer } 的日志中查 { $close_time } 为什么关闭连接。此次抓包中，关闭之前没有数据。
advice-why_reset = 查 { $peer } 在 { $close_time } 的日志。{ $reset_by ->
    [socket] RST 来自它自己的套接字：程序退出、关闭时还有数据未读或设了 SO_LINGER 0，都会发出 RST；内核放弃连接时也会。
    [program] 那里的程序关闭时还有数据未读，或者设了 SO_LINGER 0，连接便以 RST 结束。
    [program_or_host] RST 可能来自关闭时还有数据未读或设了 SO_LINGER 0 的程序，也可能来自不认识这条连接的主机（重启或故障切换之后）。
    [program_or_device] 这样的 RST 可能来自关闭时还有数据未读或设了 SO_LINGER 0 的程序，也可能来自中间设备。在那里抓包（见下文）即可分辨。
   *[any] 没有 FIN 的 RST，可能来自关闭时还有数据未读或设了 SO_LINGER 0 的程序，可能来自不认识这条连接的主机（重启或故障切换之后），也可能来自中间设备。在那里抓包（见下文）即可分辨。
}
advice-retry_first_use = 首次使用空闲连接失败时（EPIPE、ECONNRESET、EOF），让程序换新连接重试一次：对端随时可能关闭连接。前提是操作可以安全地重复执行。
advice-idle_below_the_peer = 让 { $local } 先于 { $peer } 关闭空闲连接：要明显短于 { $data_age }，例如 { $below }。
advice-ping_less_often = 让客户端发送 HTTP/2 PING 的间隔不短于服务端允许的下限，或让服务端放宽限制。gRPC 服务端默认每 5 分钟只接受一个 PING，没有调用时一个也不接受（grpc-go：keepalive.EnforcementPolicy；gRPC Core：GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS）。客户端对应的设置是它的 keep-alive 时间。
advice-read_while_idle = 让程序在连接空闲时也去读（或 poll）它，读到 EOF 就关闭：FIN 之后 { $kept } 它仍未关闭自己这一侧，而程序只有去读才会得知 FIN。
advice-host_share = 除关闭本身之外，还要查明 { $local } 为什么没有发出已经到点的探测包：查下面时间段内宿主机（虚拟化平台）的日志、该主机的内核日志，以及它的出方向防火墙规则。漏发的探测包不是关闭的原因。
advice-raise_the_peers_limit = 或者调大这个 { $data_age } 的超时，它配在 { $peer } 上，或者它前面的代理上。调大只会让关闭来得更晚。
advice-probes_do_not_count = 调整保活没有用：探测包一直有响应，它不携带数据，不会刷新应用层的空闲超时。
advice-the_client_closed_idle = 客户端关闭空闲连接并没有错。让 { $local } 读到 EOF 后关闭自己这一侧即可。

advice-capture_again = 请重新抓包：两端同时抓，在故障开始之前就启动，使抓包既有握手又有连接的结束。命令见下文。

# 哪个请求在等待，用于 advice-the_waiting_request。
kafka-request = correlation id 为 { NUMBER($correlation_id, useGrouping: 0) } 的 { $api } 请求
kafka-request-of-client = client id“{ $client_id }”、correlation id 为 { NUMBER($correlation_id, useGrouping: 0) } 的 { $api } 请求

ask-packets = 该时间段的抓包（如有）。为下次故障做准备，可以只抓协议头，循环写入 20 个 100 MB 的文件：
ask-packets_before_the_close = { ask-packets }
ask-sockets = 套接字的状态，请在套接字消失之前采集（去掉端口条件，ss 会列出它的其他连接及其定时器）：
ask-counters_close = { $peer } 内核的计数器，现在采集一次，下次发生之后再采集一次：
ask-counters_reset = { ask-counters_close }
ask-counters_loss = { ask-counters_close }
ask-log = { $peer } 在该时间段的日志，级别要能看出它为什么关闭连接。
ask-log_of_the_broker = broker 在该时间段的日志。broker 只有在 org.apache.kafka.common.network.Selector 的 TRACE 级别才会记录空闲关闭。
ask-log_of_an_idle_close = { ask-log }
ask-idle_settings = { $data_age } 的空闲超时配在哪里：{ $server_settings }，还是它前面某一层代理、负载均衡或服务网格的空闲超时？
ask-fin_wait = { $peer } 在 FIN 之后 { $forgot } 就不认识这条连接的原因：net.ipv4.tcp_fin_timeout、net.ipv4.tcp_max_tw_buckets，还是前面有代理？
ask-device_settings = 途经的每一个防火墙、负载均衡和 NAT 网关：它的空闲超时是多少，超时后是否发 RST，以及它关于这条连接的日志。
ask-uptime = 该主机及其服务最近一次是何时启动的，由谁重启。
ask-path_sizes = 两台主机之间的每一条链路、隧道、VPN 和 overlay 网络：各自的 MTU 是多少，是否会发出并放行“需要分片”（ICMP 类型 3 代码 4；ICMPv6 类型 2）。
ask-rule_of_the_device = 请 { $device } 的管理方提供：是哪条规则、路由或状态拒绝了这些报文，从何时开始生效，以及该设备在该时间段内的日志。
ask-next_hop = 请 { $next_hop }（{ $local }所在主机的下一跳）的管理方提供：该时间段的日志（重启、虚拟地址切换、链路中断、MAC 地址变更）。
ask-migrations = 该时间段内两台主机所在宿主机（虚拟化平台）的日志：热迁移、挂起、快照、备份、故障切换。
ask-migrations_here = 请 { $local } 的宿主机（虚拟化平台）管理方提供：该时间段的日志（热迁移、挂起、快照、备份）。

# 服务端的空闲超时，用于 ask-idle_settings。
settings-named = 服务端的 { $settings }
settings-unknown = 程序自己的超时设置

# 给对端的信，每行一条。
letter-connection = 连接：TCP { $local } -> { $peer }
letter-window = 时间段：{ $start } 至 { $end }
letter-close-by-fin = 关闭：{ $time }，{ $sender } 的 FIN（时刻按此次抓包的时钟），序列号 { NUMBER($sequence, useGrouping: 0) }
letter-close-by-rst = 关闭：{ $time }，{ $sender } 的 RST（时刻按此次抓包的时钟），序列号 { NUMBER($sequence, useGrouping: 0) }
letter-private-address = { $local } 是私有地址，贵方多半看不到它，看到的是 NAT 网关的地址：请按时间、端口 { NUMBER($port, useGrouping: 0) } 和序列号查找这条连接。
letter-other-address = 如果途经 NAT 网关、负载均衡或容器网络，贵方看到的地址或端口会不同：请按时间、端口 { NUMBER($port, useGrouping: 0) } 和序列号查找这条连接。

# 建议中的配置项属于哪个软件，以及如何得知。
software-by-log = 以下为 { $name } 的配置项：错误日志是它的格式。
software-by-its-name = 以下为 { $name } 的配置项：客户端在请求中自称“{ $said }”。
software-as-examples = 以下以 { $names } 的配置项为例：此次抓包看不出是哪种软件。

# 产品对配置项的叫法，位于产品名和冒号之后；默认值取自 advice.toml 所列的出处。
limit-with-default = { $setting }，默认 { $limit }
limit-off-by-default = { $setting }，默认关闭
setting-kafka_java-retry = 生产者的 retries 和 delivery.timeout.ms，当前版本默认开启
setting-kafka_java-keepalive = 始终开启，时间取自主机：net.ipv4.tcp_keepalive_time、_intvl、_probes
setting-librdkafka-retry = 生产者的 message.send.max.retries（默认 2147483647，旧版本为 2）
setting-librdkafka-read = 它会 poll，并自行重连；log.connection.close=false 可隐去这行日志
setting-librdkafka-keepalive = socket.keepalive.enable（默认 false），时间取自主机：net.ipv4.tcp_keepalive_time
setting-sarama-idle = 没有空闲超时；停用一段时间后应关闭并重新打开客户端，或者不时发一个小请求
setting-sarama-retry = Producer.Retry.Max（默认 3）、Metadata.Retry.Max（3）；消费者在 Consumer.Retry.Backoff（2 秒）之后重试
setting-sarama-read = 只有在等待响应时才读，所以空闲时看不到 FIN
setting-sarama-keepalive = Net.KeepAlive，同时用作空闲时长和探测间隔
setting-kafka_go-retry = Writer.MaxAttempts（默认 10）
setting-kafka_go-read = 只有在处理请求时才读，所以空闲时看不到 FIN
setting-franz_go-retry = kgo.RequestRetries（默认 20）、kgo.RecordRetries
setting-franz_go-read = 只有在等待响应时才读，所以空闲时看不到 FIN
setting-kafka_python-retry = KafkaProducer 的 retries
setting-kafkajs-retry = 客户端的 retry: {"{"} retries, initialRetryTime {"}"}
setting-kafkajs-keepalive = 始终开启，空闲 60 秒之后探测；换用别的 socketFactory 可以改变
setting-nginx-idle = upstream 块中的 keepalive_timeout（默认 60 秒）
setting-nginx-retry = proxy_next_upstream（默认 error timeout）；POST 需加 non_idempotent
setting-nginx-keepalive = proxy_socket_keepalive on，时间取自主机
setting-haproxy-idle = timeout client、timeout server；连接成为隧道之后，两者都由 timeout tunnel 取代
setting-haproxy-retry = retries、retry-on（HTTP）
setting-haproxy-keepalive = option clitcpka、option srvtcpka；clitcpka-idle、srvtcpka-idle
setting-libpq-idle = 连接池的超时，例如 HikariCP 的 maxLifetime 和 idleTimeout
setting-libpq-keepalive = keepalives_idle、keepalives_interval、keepalives_count、tcp_user_timeout
setting-mysql-idle = 连接池的超时：db.SetConnMaxLifetime 和 db.SetConnMaxIdleTime（Go），HikariCP 的 maxLifetime 和 idleTimeout（Java）
setting-redis_py-idle = health_check_interval：空闲超过这么多秒之后，使用前先发 PING，失败则重试一次
setting-redis_py-retry = retry 和 retry_on_error
setting-redis_py-keepalive = socket_keepalive
setting-linux-keepalive = net.ipv4.tcp_keepalive_time、_intvl、_probes，或者套接字上的 TCP_KEEPIDLE、TCP_KEEPINTVL、TCP_KEEPCNT

# 某个配置项或 known_timers.toml 的某一行有什么没有查证，用在“未核实：”之后。
unverified-parts = { $parts }
unverified-limit = 默认值
unverified-range = 可设置的范围
unverified-ends = 它如何结束连接
unverified-refreshed = 保活是否会刷新它
unverified-row = 整行
unverified-kafkajs-retry = retries 的名称（取自二手资料）
unverified-nginx-idle = 默认值（取自二手资料）
unverified-haproxy-retry = retry-on

advice-use_it_before_the_device_forgets = 报文发送失败时，连接已静默 { $packet_age }，比以往任何一次都长。途中的防火墙、负载均衡或 NAT 网关可能已经清除了它。让 { $local } 的保活空闲时长短于该设备的超时，或者让连接池关闭长时间未用的连接：最长不超过 { $silent_below }（连接池的空闲时间或最长存活时间）。
advice-large_packets = 查明途中哪里限制了报文大小（隧道、VPN、overlay 网络）：用不分片的 ping（ping -M do -s 1472）或 tracepath 测试。让每一处过滤都放行 ICMP“fragmentation needed”，或者在两端调小 MTU（或钳制 MSS）；Linux 的 net.ipv4.tcp_mtu_probing=1 可自行探测大小。
advice-find_the_rest = 在 { $peer } 上查看最后的数据之后回复怎么样了，并在那里也抓包：这能看出 { $peer } 发送的是否比到达 { $local } 的多。
advice-unanswered_request = 在 { $peer } 的日志里查找 { $local } 最后发来的数据（{ $local } 关闭时它还没有得到应答）：那里的程序是否读到了它，又在等待什么。
advice-find_why_it_does_not_read = 查明在下面的时间段内是什么让 { $local } 的程序不读数据：查它的线程转储，以及它自己在等什么。在那之前，“ss -tn”会显示有多少数据等着它读（Recv-Q）。只要对端还有应答，内核就会一直等关闭的窗口重新打开，所以对端的程序需要给写操作设时限。
advice-find_the_stall = 查明在下面的时间段内是什么让 { $peer } 的程序不读数据或不作答：查它的线程转储、队列和工作线程池、垃圾回收，以及它自己在等什么。网络和内核自始至终都正常。
advice-find_the_lost_answer = 在发出 SYN 的一端抓包。如果 SYN-ACK 到达了那里，就是那台主机丢弃了它们：检查它的包过滤规则、rp_filter，以及网卡或驱动算错的校验和（nstat 显示 TcpInCsumErrors；ethtool -K 可以关闭卸载功能）。如果没有到达，检查回程是否走了另一条路由，以及回程上的包过滤规则。
advice-find_the_listener = 在 { $peer } 查明程序是否在那里监听，监听队列是否已满（ss -ltn 对比 Recv-Q 与 Send-Q，nstat 看 TcpExtListenOverflows），并检查途中和主机上的包过滤规则。
advice-close_before_the_peer = 请求与 { $peer } 刚发出的关闭报文相遇。让客户端的空闲超时短于 { $peer } 的，并让客户端把可以安全重复的操作换新连接重试。
advice-why_closed_idle = 在 { $peer } 的日志中查 { $close_time } 为什么关闭连接。关闭时连接已有 { $data_age } 没有数据：没有已知的超时是这个时长，单凭一次关闭也不能断定它是超时。
