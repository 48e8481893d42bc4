# 每种解释的名称，以及什么能推翻它。

explanation-peer_idle_close = 连接长时间无数据，对端按空闲超时关闭了它
refute-peer_idle_close = 对端日志中关闭此连接另有原因，或者对端的空闲超时没有一个是这个时长。

explanation-peer_restart = 对端进程退出或重启
refute-peer_restart = 对端进程的启动时间，以及它在那一刻的日志。

explanation-host_frozen_there = 对端主机停顿或已不在
refute-host_frozen_there = 那段时间里对端宿主机（虚拟化平台）的日志和该主机的内核日志，或者在该主机上的抓包。

explanation-middlebox_close = 中间设备以某一端的名义关闭了连接
refute-middlebox_close = 在报文所称的发送端抓包：这个关闭报文要么是它发的，要么不是。

explanation-path_loss = 网络链路丢包，或报文在途中滞留
refute-path_loss = 另一端的抓包，能看出哪些报文到了那里。

explanation-retransmission_timeout = 重传次数用尽：数据始终没有得到确认
refute-retransmission_timeout = 另一份抓包中有对该报文段的确认。

explanation-keepalive_gave_up = 保活失败：没有探测包得到响应，内核放弃连接
refute-keepalive_gave_up = 另一份抓包中有对最后几个探测包的响应。

explanation-probe_not_sent = 本端主机没有发出已经到点的保活探测包
refute-probe_not_sent = 这个套接字实际的探测周期与抓包所见不同。

explanation-host_frozen_here = 本端主机停顿（被挂起、热迁移或资源不足）
refute-host_frozen_here = 那段时间里宿主机（虚拟化平台）的迁移与挂起日志，以及虚拟机的内核日志。

explanation-capture_loss = 抓包漏抓了报文
refute-capture_loss = tcpdump 结束时打印的丢弃数，或者同一时间的另一份抓包。

explanation-write_on_half_closed = 对端发出 FIN 之后，本端应用程序没有关闭连接，或者还在继续使用它
refute-write_on_half_closed = 另一份抓包显示，对端 FIN 之后不久本端也发了 FIN。

explanation-application_stalled = 本端应用程序既没有使用也没有关注这条连接
refute-application_stalled = 应用程序自己在那段时间的日志或线程转储，显示它正在处理这条连接。

explanation-peer_application_stalled = 对端应用程序不读数据或不作答，而它的内核一切正常
refute-peer_application_stalled = 对端自己在那段时间的日志或线程转储，显示请求已得到答复或数据已被读取。

explanation-close_race = 请求与关闭在途中交错
refute-close_race = 先关闭一端的日志，显示它在关闭之前收到了请求。

explanation-mtu_black_hole = 大包过不去，小包过得去（MTU 黑洞）
refute-mtu_black_hole = 同方向上有满长的报文通过（ping 不分片，或 tracepath），或者另一端的抓包中有这些报文。

explanation-idle_state_forgotten = 连接空闲期间，中间设备清除了这条连接
refute-idle_state_forgotten = 中间设备的会话表和超时设置，或者另一端的抓包中有这个报文段。
