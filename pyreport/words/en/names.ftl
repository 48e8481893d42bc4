# Names of our tables that have words in them; those of products and settings alone are the same everywhere.

# Limits of known_timers.toml.
name-alibaba-cloud-clb-tcp-listener = Alibaba Cloud CLB, TCP listener
name-aws-nat-gateway = AWS NAT gateway
name-aws-network-load-balancer-tcp-listener = AWS Network Load Balancer, TCP listener
name-aws-security-group-tracking = AWS security group tracking
name-azure-nat-gateway = Azure NAT gateway
name-cisco-asa-after-a-fin = Cisco ASA after a FIN
name-connections-max-idle-ms-broker-per-listener = connections.max.idle.ms (broker, per listener)
name-connections-max-idle-ms-client = connections.max.idle.ms (client)
name-envoy-http = Envoy, HTTP
name-envoy-or-istio-sidecar-tcp-proxy = Envoy or Istio sidecar, TCP proxy
name-f5-big-ip-fastl4-profile = F5 BIG-IP, FastL4 profile
name-fixed = fixed
name-fixed-in-the-service-advice-connections-max-idle-ms-of-180-s-in-the-client = fixed in the service (advice: connections.max.idle.ms of 180 s in the client)
name-google-cloud-vpc-tracking = Google Cloud VPC tracking
name-haproxy-example-configuration = HAProxy, example configuration
name-haproxy-sample-in-its-manual = HAProxy, sample in its manual
name-haproxy-sample-in-its-manual-for-clients = HAProxy, sample in its manual for clients
name-huawei-cloud-elb-http-listener = Huawei Cloud ELB, HTTP listener
name-huawei-cloud-elb-tcp-listener = Huawei Cloud ELB, TCP listener
name-huawei-usg-firewall = Huawei USG firewall
name-idle-timeout-of-common-http-protocol-options = idle_timeout of common_http_protocol_options
name-idle-timeout-of-tcp-proxy = idle_timeout of tcp_proxy
name-idle-timeout-of-the-listener = idle timeout of the listener
name-inactivity-timeout-of-junos-tcp-any = inactivity-timeout of junos-tcp-any
name-kafka-java-admin-client = Kafka Java admin client
name-kafka-java-producer-or-consumer = Kafka Java producer or consumer
name-keepalive-timeout-of-the-listener = keepalive_timeout of the listener
name-kube-proxy-connection-tracking = kube-proxy, connection tracking
name-kube-proxy-connection-tracking-after-a-fin = kube-proxy, connection tracking after a FIN
name-kube-proxy-in-ipvs-mode-linux-ip-vs = kube-proxy in IPVS mode, Linux ip_vs
name-linux-connection-tracking = Linux connection tracking
name-linux-connection-tracking-after-a-fin = Linux connection tracking after a FIN
name-linux-connection-tracking-data-not-acknowledged = Linux connection tracking, data not acknowledged
name-mysql-server = MySQL server
name-nginx-http-keep-alive = nginx, HTTP keep-alive
name-nginx-http-proxy-to-its-upstream = nginx, HTTP proxy to its upstream
name-nginx-tcp-proxy = nginx, TCP proxy
name-palo-alto-networks-firewall = Palo Alto Networks firewall
name-postgresql-server-version-14-or-later = PostgreSQL server, version 14 or later
name-redis-server = Redis server
name-tcp-session-timeout = TCP session timeout
name-tcpestablishedtimeout-of-the-network-interface = TcpEstablishedTimeout of the network interface
name-tencent-cloud-clb = Tencent Cloud CLB

# Formats of logs.
name-go-net-operror-in-sarama = Go net.OpError in Sarama
name-go-net-operror-in-kafka-go = Go net.OpError in kafka-go
name-go-net-operror-in-franz-go = Go net.OpError in franz-go
name-mysql-client = MySQL client
