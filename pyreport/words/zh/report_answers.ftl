# 是服务、网络、主机，还是应用？以及仍未弄清的问题。

subject-service = { $of_client ->
    [yes] 对端（客户端）
   *[no] 服务
}
subject-network = 网络
subject-host = 主机
subject-application = 应用

# 位于主体与理由之间：“网络：可排除。”
standing-involved = 有关
standing-cleared = 可排除
standing-not_cleared = 尚不能排除
standing-no_sign = 未见异常
standing-unknown = 无法判定

answer-service-did-not-close = 此次抓包中，{ $who } 没有关闭连接。
answer-service-probed-in-vain = { $who } 发出的探测包始终没有得到响应，内核于是放弃。
answer-service-stalled = { $unread ->
    [yes] { $who } 的程序没有读取已经到达的数据。
   *[no] { $who } 的程序没有作答。
}
answer-service-was-left = 结束连接的是 { $who }。
answer-service-closed-in-order = { $first ->
    [yes] { $who } 先关闭连接，属于正常关闭。
   *[no] { $who } 正常关闭了连接，另一方也在同时关闭。
}
answer-service-close-looks-foreign = 以 { $who } 名义发出的关闭报文，不像是 { $who } 自己发的。
answer-service-closed = { $how ->
    [fin] { $who } 一侧以 FIN 正常关闭了连接。
   *[reset] { $who } 一侧以 RST 关闭了连接。
}
answer-service-gave-up = { $who } 反复重传数据，始终没有得到确认，于是放弃。
answer-same-reason = { $subject ->
    [service] { $of_client ->
        [yes] 理由同“对端”。
       *[no] 理由同“服务”。
    }
    [network] 理由同“网络”。
   *[host] 理由同“主机”。
}
answer-network-next-hop = 链路上的下一跳（{ $target }）没有响应。
answer-network-refused = 设备 { $device } 没有转发 { $sender } 发出的报文。
answer-path-or-host-silent = 没有响应的可能是链路，也可能是链路另一头的主机；从这一端看，两者没有区别。
answer-network-may-have-sent-it = 结束连接的报文可能是它所署名的那一端发的，也可能是链路上的某个设备发的。
answer-device-may-have-reset = RST 以 { $who } 的名义发出，也可能是中间设备发的。
answer-host-stood-still = { $who } 的主机有一段时间没有运行。
answer-host-not-told = 此次抓包看不出来。
answer-application-ended-it = 连接是应用程序自己结束的。
answer-application-pings = { $who } 发送了 HTTP/2 PING，{ $other } 因此关闭了连接。
answer-application-nothing = 此次抓包中没有对 { $who } 的应用程序不利的证据。

# 第一页上用一句话说明原因。
cause-idle-limit = { $sure ->
    [yes] 原因很可能是
   *[no] 原因可能是
}一个 { $age } 的空闲超时，配在 { $peer }，或者它前面的代理、负载均衡上。保活探测包不携带数据，不会刷新这类超时。
cause-peer-said = { $peer } 因它自己说明的原因（第 { $frame } 号报文）结束了连接。它当时的日志可能写得更详细。
cause-peer-closed-owing = { $peer } 为什么没有回复就关闭了连接，此次抓包看不出来。请求的处理超时，或者正在处理它的程序退出，都会这样；要看 { $peer } 在那一刻的日志。
cause-sent-once = 原因可能是网络路径丢了缺失字节的每一份副本，也可能是 { $who } 没有重传过。在 { $who } 一侧抓包就能看出。
cause-peer-closed = { $peer } 为什么关闭连接，此次抓包看不出来；要看它自己在那一刻的日志。
cause-peer-reset = { $by ->
    [socket] RST 来自 { $peer } 自己的套接字，不是中间设备发的。{ $peer } 为什么放弃连接，此次抓包看不出来；要看它自己在那一刻的日志。
    [program] RST 来自 { $peer } 的主机，不是对任何报文的响应：是那里的程序直接放弃了连接。为什么，要看它自己在那一刻的日志。
    [program_or_host] 没有 FIN、又不是中间设备发的 RST，可能来自直接放弃连接的程序，也可能来自不认识这条连接的主机。看 { $peer } 的日志，即可分辨。
    [program_or_device] 没有 FIN、也不是对任何报文的响应的 RST，可能来自直接放弃连接的程序，也可能是中间设备以 { $peer } 的名义发的。看 { $peer } 的日志，或者在那里抓包，即可分辨。
   *[any] 没有 FIN 的 RST，可能来自直接放弃连接的程序，可能来自不认识这条连接的主机，也可能是中间设备以 { $peer } 的名义发的。看 { $peer } 的日志，或者在那里抓包，即可分辨。
}
cause-device = { $sure ->
    [yes] 原因很可能在
   *[no] 原因可能在
}中间设备，例如防火墙、负载均衡或 NAT 网关。没有证据表明两端中的哪一端关闭了连接。
cause-device-or-filter = { $sure ->
    [yes] 原因很可能在
   *[no] 原因可能在
}中间设备（例如防火墙），或者 { $who } 主机的包过滤规则。没有证据表明两端中哪一端的套接字关闭了连接。
cause-own-filter = 原因很可能在 { $who } 主机的包过滤规则，而不是那里的程序，也不是中间设备。
cause-untranslated = { $sure ->
    [yes] 原因很可能是
   *[no] 原因可能是
}链路上的地址转换设备（NAT、容器网络的服务地址）：它放过了一个没有转换地址的报文。接收方拒绝了这个报文，发送方那一头的连接也就断了。
cause-peer-restarted = { $sure ->
    [yes] 原因很可能是
   *[no] 原因可能是
} { $what ->
    [host] { $peer } 的主机（或其容器）重启过，没有发 FIN 就忘掉了它的连接。若只是程序退出，要有这种现象，必须是链路丢了 FIN
   *[program] { $peer } 的程序退出或重启
}{ $several ->
    [yes] ，一次结束了多条连接
   *[no] { "" }
}。
cause-size = { $sure ->
    [yes] 原因很可能是
   *[no] 原因可能是
}途中某段链路的 MTU 小于两端发出的大包，而两端并不知道。
cause-refused = { $sure ->
    [yes] 原因很可能是
   *[no] 原因可能是
}{ $unreachable ->
    [yes] 无法到达 { $far }：它的主机或通往它的链路中断，或者路由有误。这是途中的设备 { $device } 报告的
   *[no] 途中的设备 { $device } 拒绝转发这条连接的报文
}。
cause-not-taken-in = 原因可能在收到数据却不接受的那个内核，也可能是途中的设备改动了序列号或时间戳。
cause-silence = { $sure ->
    [yes] 原因很可能
   *[no] 原因可能
 }{ $where ->
    [path] 是网络链路丢包。
    [host] 在没有响应的那台主机：它没有运行或没有接受，或者到达的报文被它的包过滤规则丢弃了。
    [link] 在没有响应的那台主机，或者到它的最后一段链路：报文不是路由器丢的。要么主机没有运行或没有接受，要么报文被它的包过滤规则丢弃了，要么丢在那段链路上。
    [filter] 是链路不放行这条连接的报文，或者没有响应的那台主机的包过滤规则丢弃了它们。那台主机是活着的。仅凭一份抓包，两者没有区别。
    [stood] 是链路有一段时间完全不通，或者是另一端的主机停顿或休眠了。仅凭一份抓包，两者没有区别。
   *[either] 是网络链路不通，或者另一端的主机宕机。只凭一份抓包，两者没有区别。
}
cause-host-frozen = { $sure ->
    [yes] 原因很可能是
   *[no] 原因可能是
}主机停顿，例如虚拟机被挂起、热迁移或资源不足。
cause-closer-in-doubt = 是 { $local } 先关闭，还是 { $peer } 先关闭，此次抓包看不出来。
cause-local-closed = { $alone ->
    [yes] 关闭连接的是 { $local } 的程序自己，不是对端，也不是网络。为什么关闭，要看它自己的日志或代码。
   *[no] 关闭连接的是 { $local } 的程序。它可能是因为此前出的问题才关闭的：要看它自己的日志。
}
cause-closed-one-way = { $local } 的程序关闭了自己这一侧，可能还在等数据。之后到来的数据，可能是被已忘记这条连接的中间设备拒绝的。在 { $local } 抓包即可分辨。
cause-peer-stalled = { $peer } 的程序没有读数据或没有作答，而它的内核和网络自始至终都正常。
cause-local-stalled = { $local } 的程序没有读取收到的数据，而它的内核和网络自始至终都正常。程序当时在做什么，要看它自己的日志或进程的堆栈转储。
cause-never-opened = { $refused ->
    [yes] 连接从未建立。
   *[no] 连接从未建立：{ $peer } 没有收到请求或没有接受，或者它的应答丢了。
}
cause-answer-untranslated = { $sure ->
    [yes] 原因很可能是
   *[no] 原因可能是
}链路上做地址转换的设备（NAT、容器网络的服务地址）：它让响应以另一个地址通过了。
cause-never-completed = 连接始终没有建立完成：{ $who } 的响应没有到达 { $other }，或者 { $other } 没有接受它，或者它的确认丢失了。
cause-not-accepted = 原因可能是 { $who } 的新连接队列已满，也可能是链路没有把 { $other } 发出的报文送到。{ $who } 的主机是在运行的。
cause-waited-for = { $sure ->
    [yes] 很可能是 { $peer } 等不到 { $local } 而放弃了
   *[no] 可能是 { $peer } 等不到 { $local } 而放弃了
}：{ $local } 的程序没有回复或没有读数据。它当时在做什么，要看它自己的日志或进程的调用栈。
cause-both-stalled = { $local } 和 { $peer } 的程序都没有读数据，可能都在等对方；双方的内核和网络则始终正常参与。
cause-one-way = { $sure ->
    [yes] { $who } 发出的报文很可能没有到达 { $other }
   *[no] { $who } 发出的报文可能没有到达 { $other }
}：这个方向的链路丢失了它们，或者 { $other } 之前的过滤规则丢弃了它们。另一个方向是通的。
cause-unknown = 原因从此次抓包看不出来。

# 本端保留套接字多久；凡是提到这段时间，都用这句话。
close-wait = { $until ->
    [own_fin] 收到 { $peer } 的 FIN 之后，{ $who } 在 { $kept } 内没有关闭套接字（CLOSE_WAIT），直到它自己发出 FIN。
    [reset] 收到 { $peer } 的 FIN 之后，{ $who } 在 { $kept } 内没有关闭套接字（CLOSE_WAIT），直到出现 RST。
   *[capture_end] 收到 { $peer } 的 FIN 之后，{ $who } 至少 { $kept } 没有关闭套接字（CLOSE_WAIT），直到抓包结束。
}

# 已排除途中设备冒名关闭；同一地址上由谁应答，另一端的抓包看不出来。
open-which-program-closed = 关闭连接的是{ $peer }的程序自己，还是以同一地址应答的代理或负载均衡？在{ $peer }上抓包即可知道。
open-who-sent-the-close = 关闭报文是 { $peer } 自己发的，还是它前面的设备发的？在 { $peer } 上抓包即可知道。
open-which-limit = 这个 { $age } 的超时是哪一个，配在哪里？查 { $peer } 以及它前面每一层代理、负载均衡的配置即可知道。
open-why-silent = { $who } 的应用程序为什么 { $age } 没有发送任何数据？查它自己的日志或线程转储即可知道。
open-why-forgotten = { $who } 为什么在自己发出 FIN 之后 { $after } 就不认识这条连接了？查它的 tcp_fin_timeout、tcp_max_tw_buckets，以及它是不是代理，即可知道。
open-what-was-lost = 丢的是探测包还是响应包，丢在哪里？在另一端同时抓包即可知道。
open-did-the-syn-arrive = SYN 是否到达了 { $peer }，{ $peer } 是否作了应答？在 { $peer } 上抓包即可知道。
open-who-refused = RST 是 { $peer } 自己发的，还是它前面的设备发的？在 { $peer } 上抓包即可知道。
open-how-it-ended = 连接是怎样结束的？需要一份覆盖连接结束时刻的抓包。
