# 我们的表中带有普通词语的名称；单纯的产品名和配置项名各语言相同。

# known_timers.toml 中的超时。
name-alibaba-cloud-clb-tcp-listener = 阿里云 CLB（TCP 监听器）
name-aws-nat-gateway = AWS NAT 网关
name-aws-network-load-balancer-tcp-listener = AWS Network Load Balancer（TCP 监听器）
name-aws-security-group-tracking = AWS 安全组连接跟踪
name-azure-nat-gateway = Azure NAT 网关
name-cisco-asa-after-a-fin = Cisco ASA（FIN 之后）
name-connections-max-idle-ms-broker-per-listener = connections.max.idle.ms（broker，可按监听器设置）
name-connections-max-idle-ms-client = connections.max.idle.ms（客户端）
name-envoy-http = Envoy（HTTP）
name-envoy-or-istio-sidecar-tcp-proxy = Envoy 或 Istio sidecar（TCP 代理）
name-f5-big-ip-fastl4-profile = F5 BIG-IP（FastL4 profile）
name-fixed = 固定，不可设置
name-fixed-in-the-service-advice-connections-max-idle-ms-of-180-s-in-the-client = 由服务固定（建议在客户端把 connections.max.idle.ms 设为 180 秒）
name-google-cloud-vpc-tracking = Google Cloud VPC 连接跟踪
name-haproxy-example-configuration = HAProxy（示例配置）
name-haproxy-sample-in-its-manual = HAProxy（手册中的示例）
name-haproxy-sample-in-its-manual-for-clients = HAProxy（手册中客户端侧的示例）
name-huawei-cloud-elb-http-listener = 华为云 ELB（HTTP 监听器）
name-huawei-cloud-elb-tcp-listener = 华为云 ELB（TCP 监听器）
name-huawei-usg-firewall = 华为 USG 防火墙
name-idle-timeout-of-common-http-protocol-options = common_http_protocol_options 的 idle_timeout
name-idle-timeout-of-tcp-proxy = tcp_proxy 的 idle_timeout
name-idle-timeout-of-the-listener = 监听器的空闲超时
name-inactivity-timeout-of-junos-tcp-any = junos-tcp-any 的 inactivity-timeout
name-kafka-java-admin-client = Kafka Java 管理客户端
name-kafka-java-producer-or-consumer = Kafka Java 生产者或消费者
name-keepalive-timeout-of-the-listener = 监听器的 keepalive_timeout
name-kube-proxy-connection-tracking = kube-proxy 连接跟踪
name-kube-proxy-connection-tracking-after-a-fin = kube-proxy 连接跟踪（FIN 之后）
name-kube-proxy-in-ipvs-mode-linux-ip-vs = kube-proxy IPVS 模式（Linux ip_vs）
name-linux-connection-tracking = Linux 连接跟踪
name-linux-connection-tracking-after-a-fin = Linux 连接跟踪（FIN 之后）
name-linux-connection-tracking-data-not-acknowledged = Linux 连接跟踪（数据未确认）
name-mysql-server = MySQL 服务端
name-nginx-http-keep-alive = nginx（HTTP keep-alive）
name-nginx-http-proxy-to-its-upstream = nginx（到 upstream 的 HTTP 代理）
name-nginx-tcp-proxy = nginx（TCP 代理）
name-palo-alto-networks-firewall = Palo Alto Networks 防火墙
name-postgresql-server-version-14-or-later = PostgreSQL 服务端（14 及以上版本）
name-redis-server = Redis 服务端
name-tcp-session-timeout = TCP 会话超时
name-tcpestablishedtimeout-of-the-network-interface = 网络接口的 TcpEstablishedTimeout
name-tencent-cloud-clb = 腾讯云 CLB

# 日志格式。
name-go-net-operror-in-sarama = Go net.OpError（Sarama）
name-go-net-operror-in-kafka-go = Go net.OpError（kafka-go）
name-go-net-operror-in-franz-go = Go net.OpError（franz-go）
name-mysql-client = MySQL 客户端
