# 各种解释的正反证据，以及它们共用的事实。

# 片段：数量。
diag-probes = { $probes } 个保活探测包
diag-packets = { $packets } 个报文
diag-others = { $others } 条其他连接
diag-ttl = { $is_ipv6 ->
    [yes] hop limit
   *[no] TTL
}

# 关闭报文与其发送方先前报文的对比。

closing-frame-same-ttl = 关闭报文的 { diag-ttl } 与其发送方的其他报文相同（{ $ttl }）。
closing-frame-other-ttl = 关闭报文的 { diag-ttl } 为 { $ttl }，而其发送方的其他报文为 { $usual }。
closing-frame-other-first-ttl = 关闭报文的 { diag-ttl } 为 { $ttl }，而其发送方的其他报文为 { $usual }。两者对应同样的距离，只是初始值不同。
closing-frame-no-timestamp = 关闭报文没有时间戳选项，而其发送方的其他报文都有。
closing-frame-timestamp-on-line = 关闭报文的时间戳与其发送方先前的时间戳连得上。
closing-frame-timestamp-off-line = 关闭报文的时间戳与其发送方先前的时间戳连不上。
closing-frame-next-ip-id = 关闭报文的 IP ID 接着其发送方先前的 IP ID（先是 { NUMBER($last, useGrouping: 0) }，然后是 { NUMBER($ip_id, useGrouping: 0) }）。

# 一端发出探测包或重传数据，另一端没有响应。

wait-cannot-tell = 链路不通，与主机宕机或停顿，看上去没有区别。
wait-probes = { $asker } 的 { $probes } 个保活探测包
wait-frames = { $silent } 主机的 { $heard } 个报文
wait-probes-no-answer = { wait-probes } 没有得到 { $silent } 的响应。{ wait-cannot-tell }
wait-data-no-answer = { $asker } 把一个报文段重传了 { sent-again }，这期间 { $silent } 没有确认。{ wait-cannot-tell }
wait-probes-host-heard = { wait-probes } 没有得到 { $silent } 的响应，而同时又收到了 { wait-frames }，说明主机在运行。
wait-data-host-heard = { $asker } 把一个报文段重传了 { sent-again }，{ $silent } 没有确认，而同时又收到了 { wait-frames }，说明主机在运行。
wait-path-or-filter = 丢弃这些报文的可能是链路上的某个设备，也可能是 { $silent } 主机的包过滤规则；从这里看，两者没有区别。
wait-data-not-accepted = { $asker } 把一个报文段重传了 { sent-again }，{ $silent } 没有确认，却又把 SYN-ACK 重发了 { COUNT($again) } 次：它还没有接纳这个连接。要么它的新连接队列已满，要么握手的最后一步没有到达。
acks-not-heard = { $sender } 在 { $lasted } 内把同一个报文段重传了 { $copies } 次，而 { $other } 早已确认过它（第 { $frame } 号报文）：这些确认没有到达 { $sender } 的 TCP 层。
wait-data-not-taken-in = { $asker } 重传的数据中，有 { COUNT($copies) } 次立即得到响应，确认的却仍是在那之前的数据。重传到达了，{ $silent } 的内核却没有接收：序列号或时间戳不被接受时就会这样。
wait-data-went-on-without = { $asker } 把一个报文段重传了 { sent-again }，{ $silent } 没有确认。{ $silent } 在第一份之后 { $after } 发出的第 { $frame } 号报文，确认号仍在其之前：主机是在运行的，而各份都没有到达。
wait-probes-arrived = { wait-probes } 到达了 { $silent }（抓包就在那里），但没有得到响应：不是链路丢的。要么那里的内核没有运行或没有接受，要么被该主机的包过滤规则丢弃了。
wait-probes-reached-link = { wait-probes } 到达了 { $silent } 所在的链路（抓包就在那里），但没有得到响应：不是途中的路由器丢的。要么 { $silent } 的内核没有运行或没有接受，要么被该主机的包过滤规则丢弃了，要么丢在那段链路上。
wait-data-reached-link = { $asker } 把一个报文段重传了 { sent-again }，这期间 { $silent } 没有确认，而报文段到达了 { $silent } 所在的链路：抓包就在那里。要么 { $silent } 的内核没有运行或没有接受，要么报文段被该主机的包过滤规则丢弃了，要么丢在那段链路上。
wait-data-arrived = { $asker } 把一个报文段重传了 { sent-again }，这期间 { $silent } 没有确认，而报文段是到达了的：抓包就在 { $silent }。要么那里的内核没有运行或没有接受，要么报文段被该主机的包过滤规则丢弃了。
wait-syns-reached-link = 请求到达了 { $silent } 所在的链路，抓包就在那里：没有路由器丢弃它们。要么服务的连接队列已满，要么请求被该主机的包过滤规则丢弃了，要么 { $silent } 的内核没有运行，要么丢在那段链路上。
wait-syns-arrived = 请求是到达了的：抓包就在 { $silent }。要么服务的连接队列已满，要么请求被该主机的包过滤规则丢弃了，要么那里的内核没有运行。

# 主机的其他连接，以及它的报文计数器。

neighbours-came-back-on-time = { $local } 主机的 { diag-others } 在那段时间也缺探测包，而后来的探测包又回到了原来的时刻上：定时器一直在走，可能是抓包漏抓了那段时间的报文。
packets-made-unseen = { $who } 的报文计数器显示，那段时间它发出了 { $packets } 个不在此次抓包中的报文：内核是在运行的，这些报文被主机内部（包过滤或队列）或者抓包丢弃了。

# 服务。

next-opening = 下一次连接 { $service } { $outcome ->
    [accepted] 成功了
    [refused] 被拒绝（RST），像是无人监听的样子
    [earlier] 得到的应答用的是一个更早连接的序号：那一端或者链路上的某个设备还留着那个连接
   *[unanswered] 没有得到响应
}。

# 链路丢包。

path-loss-late = { $asker } 把一个报文段重传了 { sent-again }，{ $silent } 在 { $after } 后才确认。这个确认回显的是第一份的时间戳，说明第一份是到达了的：要么它在途中滞留（例如队列已满），要么对它的确认滞留或丢失了。
path-loss-sent-twice = { $asker } 不得不把一个报文段再发一次，{ $silent } 才确认：是报文段或者对它的确认丢失了，或者来迟了。
path-loss-gap = { $gap }{ keepalive-not-sent-or-lost }
path-loss-gap-dropped = { $gap }但 { $who } 的报文计数器显示，那段时间它发出了 { diag-packets }：它们在进入抓包之前就被丢弃了。
path-loss-marked = Wireshark 把这条连接的 { $marked } 个报文标为重传。
path-loss-answers-arrived = { $answers ->
    [1] 1 个保活探测包的响应到了
   *[other] { $answers } 个保活探测包的响应一个不少
}，没有任何重传：双向链路正常。
path-loss-answers-left = 没有任何重传，探测包都有响应。响应是否到达，此次抓包看不出来。
one-direction-untold = 只抓到一个方向，无法判断。
one-direction-no-frame = 此次抓包中没有 { $who } 的报文，它做了什么无法判断。
path-loss-not-tested = 没有任何重传，但也没有保活探测包检验过链路。

# 重传次数用尽。

retransmission-acknowledged = 重传的报文段最终都得到了确认。
retransmission-none = 到最后没有哪个报文段在反复重传而得不到确认。
retransmission-refused = { $silent } 以 RST 拒绝了 { $asker } 重传的数据，因此 { $asker } 的定时器并没有到期。
retransmission-had-closed = { $silent } 此前已经关闭，所以 { $asker } 重传的数据无人接收。
retransmission-repeats = { $asker } 把{ $what ->
    [syn] 它的 SYN
    [fin] 它的 FIN
   *[segment] 同一个报文段
}重传了 { sent-again }（{ $are_all ->
    [yes] 间隔依次为 { $gaps }
   *[no] 最后几次的间隔依次为 { $gaps }
}），此次抓包中 { $silent } 始终没有确认。
retransmission-log-timed-out = 日志称“timed out”（ETIMEDOUT），这是数据始终得不到确认的发送方才会有的错误。
retransmission-few = 只重传了这么几次，属于普通丢包。之后的情况此次抓包中没有。
retransmission-no-backoff = 重传的间隔没有像重传定时器那样逐次增大。之后的情况此次抓包中没有。
retransmission-ended-by-application = { $asker } 自己的应用程序结束了连接，在内核的重传定时器到期之前或之后。
retransmission-ran-out = 下一次重传已经到点却没有出现：{ $asker } 已经放弃。

# 保活失败。

keepalive-gave-up-rst = { $who } 在 { diag-probes } 没有得到响应之后发出 RST，此时距 { $other } 最后一次响应或发来数据已有 { $silence }。
keepalive-gave-up-setting = 默认情况下，没有哪个系统在这么少的探测包之后就放弃（BSD 8 个，Linux 9 个，Windows 10 个）。{ $probes ->
    [1] 这是 TCP_USER_TIMEOUT（不超过 { $silence }）或 TCP_KEEPCNT 1 造成的。
   *[other] 这是 TCP_KEEPCNT { NUMBER($probes) } 或 TCP_USER_TIMEOUT（不超过 { $silence }）造成的。
}
keepalive-gave-up-fin = 连接以 FIN 结束。保活从不发 FIN：它放弃时发 RST，并报 ETIMEDOUT。
keepalive-gave-up-no-rst = 有保活探测包没有得到响应，但此次抓包中没有保活放弃时的 RST。
keepalive-gave-up-none-unanswered = 没有哪个保活探测包得不到响应。
keepalive-gave-up-on-time = { $who } 的 RST 恰好出现在下一个保活探测包到点的时刻（距上一个探测包 { $spacing }）：如果一直没有响应到达，保活定时器就会在这时发 RST。响应是否到达了 { $who }，此次抓包看不出来。

# 应用程序在对端已关闭的连接上写数据。

write-on-half-closed-no-fin = { $peer } 没有先关闭，所以 { $local } 没有 FIN 可忽略。
write-on-half-closed-harmless = { $why ->
    [half_close] { $local } 在 FIN 之后写的数据属于正常通信：对方确认了这些数据，这次关闭是合法的半关闭。
    [own_fin] { $local } 在 FIN 之后写的数据属于正常通信：{ $local } 自己也在关闭，它的 FIN 随数据一同发出或紧随其后。
    [own_rst] { $local } 在 FIN 之后写的数据属于正常通信：{ $local } 自己也在关闭，它的 RST 紧随其后。
    [tls_alert] { $local } 在 FIN 之后写的数据属于正常通信：那是正在关闭的一端发出的 TLS 告警（alert）。
    [before_alert] { $local } 在 FIN 之后写的数据属于正常通信：{ $local } 自己也在关闭，它的 TLS 告警（alert）紧随其后。
    [asked_for] { $local } 在 FIN 之后写的数据属于正常通信：那是对对方 FIN 之前刚发来的内容的答复，当时已在途中。
   *[other] { $local } 在 FIN 之后写的数据属于正常通信。
}
write-on-half-closed-too-soon = { $peer } 的 FIN 之后 { $kept } 连接就结束了：时间太短，不能说 { $local } 没有察觉 FIN。
write-on-half-closed-half-close = { half-close }（半关闭），所以 { $local } 没有什么关闭可忽略。
write-on-half-closed-early = { $local } 在 { $peer } 的 FIN 之后 { $after } 写了数据，也许它的应用程序那时还来不及读到 FIN。
write-on-half-closed-no-own-fin = { $until ->
    [rst] 直到 RST，
   *[capture_end] 直到抓包结束，
}{ $local } 都没有发自己的 FIN。
write-on-half-closed-probed = { $local } 内核照常发保活探测包；应用程序没有关闭套接字时就会这样。
write-on-half-closed-wrote = { $local } 在 { $peer } 的 FIN 之后写了数据。
write-on-half-closed-epipe = 日志称“broken pipe”（EPIPE）。在 Linux 上，出现这个错误必须先有 FIN，再有 RST（tcp_reset）。

# 应用程序没有使用连接。

application-stalled-closed-itself = { $local } 自己关闭了连接。
application-stalled-waited = { $local } 可能在等回复：它最后的数据在关闭之前 { $waited } 发出，没有得到 { $peer } 的回复。
application-stalled-silent = 关闭之前，{ $local } 有 { $silence } 没有发送数据。最后的数据来自 { $whose }。
application-stalled-silent-owing-nothing = 关闭之前，{ $local } 有 { $silence } 没有发送数据。最后的数据来自 { $whose }：如果每个请求对应一个回复，那么没有回复是欠着的。
application-stalled-silent-owing = 关闭之前，{ $local } 有 { $silence } 没有发送数据。最后的数据来自{ party-client }：{ $local } 可能还欠着回复。
application-stalled-no-silence = { $local } 的应用程序没有值得注意的静默。

# 对端关闭了空闲的连接。

half-close = { $peer } 在自己的 FIN 之后仍然接收数据：它只关闭了一个方向
peer-idle-close-rst-of-any = { $as_far ->
    [true] 该 RST 与 { $peer } 的其他报文来自同样远的地方（跳数限制相同）。除此之外，没有什么能证明它出自 { $peer } 自己的套接字：设这个时限的可能是 { $peer }，也可能是代替它应答或位于路径上的设备。
   *[other] 该 RST 的跳数限制与 { $peer } 的其他报文不同：设这个时限的可能是 { $peer }，也可能是路径上的设备，例如负载均衡。
}
peer-idle-close-rst = { $peer } 以一个不是回应任何报文的 RST 结束了连接。很少有空闲超时这样结束连接（设了 nolinger 的 HAProxy、某些负载均衡），大多数是发 FIN。
peer-idle-close-no-fin = 此次抓包中没有 { $peer } 的 FIN，而 { $peer } 的空闲超时会以 FIN 结束连接。
peer-idle-close-other-first = { $local } 先关闭，而 { $peer } 的空闲超时会以 { $peer } 自己的 FIN 结束连接。
peer-idle-close-half-close = { half-close }，空闲超时不会这样做。
peer-idle-close-age-unknown = { $peer } 以 FIN 关闭了连接。此次抓包中看不到 FIN 之前的最后一次数据，所以不知道连接当时已有多久没有数据。
peer-idle-close-after-exchange = { $peer } 在最后的数据之后仅 { $age } 就关闭了：这是一次交互的结束，而不是静默的结束。
peer-idle-close-after-handshake = { $peer } 在握手后仅 { $age } 就关闭了连接：此前没有静默期。
peer-idle-close-probes-answered = 直到关闭，{ $peer } 内核都在响应保活探测包。探测包不携带数据，不会刷新应用层的空闲超时。
peer-idle-close-same-age = { $peer } 还关闭了 { diag-others }，距最后数据的时间与此相同。
unheard = 关闭之前 { $who } 有 { $silence } 没有发送数据，比以往任何一次都久，而 { $other } 在此期间发送了 { $messages } 条消息。用消息探询对方是否仍有应答的程序，这时会关闭连接。
stream-stopped = { $who } 主动发送数据达 { $lasted }，间隔最长 { $habit }，此后有 { $silence } 没有再发送。{ $beats ->
    [0] 它是否已没有数据可发，要看它自己的日志。
   *[other] 其间它只响应了 { $other } 的 { $beats } 条消息。它是否已没有数据可发，要看它自己的日志。
}
silent-past-keepalive = { $who } 在 MQTT 的 CONNECT 报文（第 { $frame } 号报文）中声明，至少每 { $named } 发送一次数据。连接关闭之前，{ $is_seen ->
    [yes] 它有 { $silence } 没有发送数据
   *[no] 有 { $silence } 没有收到它的数据
}。若在 1.5 倍的这段时间内什么也没有收到，MQTT 服务端就会关闭连接。
peer-idle-close-outlived = { $is_this ->
    [yes] 这条连接
   *[no] 到 { $service } 的另一条连接
}此前经受过更长的静默（{ $rest }）。
known-limit = { $who }（{ $source }）
peer-idle-close-matches = 无数据的时长等于 { $limits } 的默认值{ $more ->
    [0] 。
   *[other] ，另外还有 { $more } 个已知的默认值与之相符。
}数值吻合不等于证明。
peer-idle-close-matches-unverified = 无数据的时长与 { $limits } 个已知的默认值相符，但其中没有一个经过完整核实。数值吻合不等于证明。
peer-idle-close-whole-seconds = 无数据的时长接近整数秒，像是某个超时阈值。
peer-idle-close-just-over-round = 无数据的时长略超过一个整数值，像是这样长的超时阈值到期了。单凭一次关闭，也可能只是巧合。
peer-idle-close-rst-round = 在 { $idle } 没有数据之后，{ $peer } 以一个 RST 结束了连接；这段时间略超过一个整数值，或等于其服务的已知时限。该 RST 不是对任何报文的回应。设这个时限的是 { $peer } 还是路径上的设备，从 RST 本身看不出来。
peer-idle-close-odd-age = 无数据的时长既不是已知的超时阈值，也不接近整数秒。单凭一次关闭，看不出它为什么发生在那一刻。

# 对端进程退出。

peer-restart-not-its-close = 此次抓包中，结束连接的不是 { $peer }。
peer-restart-others-went-on = { $service } 结束这条连接之后，{ diag-others } 仍在继续。
peer-restart-none-together = 那一刻 { $service } 没有结束其他连接。

# 对端主机停顿或已不在。

host-frozen-there-answered-all = { $peer } 响应了每一个保活探测包，也确认了所有数据。
host-frozen-there-nothing-unanswered = 发给 { $peer } 的报文没有一个得不到响应。
host-frozen-there-silent-elsewhere = 那段时间里，{ $peer } 主机在 { diag-others } 上同样没有任何响应。
host-frozen-there-clock-stood = 在 { $gap } 里，{ $peer } 的时间戳时钟只走了 { $went_on }：那段时间它的主机停住了。
host-frozen-there-late-answer = 此后 { $peer } 的第一个响应用了 { $delay }，而它平时只用 { $usual }。
host-frozen-there-next-answered = { $peer } 立即响应了后来的报文，却始终没有响应这些。停顿过的主机会补上迟到的响应。

# 中间设备关闭了连接。

middlebox-close-goes-on = 在以 { $who } 名义发出的 RST 之后，{ $who } 仍在发送报文。
middlebox-close-early-rst = RST 回应的是 FIN 之后 { $age } 的保活探测包。默认设置的 Linux 内核此时仍会确认探测包（tcp_fin_timeout，60 秒）：先关闭的一端要么设得更短，要么 time-wait 桶已用尽，要么是代理。
middlebox-close-nothing-to-compare = 此次抓包中没有发送方先前的报文，关闭报文无从对比。

# 到点的探测包没有发出。

probe-not-sent-no-keepalive = 此次抓包中，这条连接上没有 { $local } 的保活探测包。
probe-not-sent-all-sent = 凡是到点的保活探测包，{ $local } 都发出了。
probe-not-sent-gap = { $gap }到那时，第一个探测包已经逾期 { $overdue }。
probe-not-sent-none-made = { $local } 的报文计数器显示，那段时间它的内核没有发出任何报文。
probe-not-sent-none-arrived = { $peer } 的报文计数器在那段时间没有变化：没有探测包到达 { $peer }。
probe-not-sent-capture-ran = 在那整段时间里，抓包中都有 { $local } 主机其他连接的报文。
probe-not-sent-switched-off = 缺口之后 { $local } 再没有发探测包。应用程序关闭了保活（SO_KEEPALIVE）时，看上去也是这样。
probe-not-sent-capture-may-lack = 没有什么能证明抓包在那段时间没有漏抓。
probe-not-sent-taken-at-peer = 抓包是在 { $peer } 抓的：发出了但在链路上丢失的探测包，看上去也是这样。
probe-not-sent-place-unknown = 没有什么能证明抓包是在 { $local } 抓的：发出了但在链路上丢失的探测包，看上去也是这样。

# 本端主机停顿。

host-frozen-here-no-stretch = 此次抓包中没有哪一段时间可以用来判断 { $local } 主机是否停顿。
host-frozen-here-nobody-probed = { $local } 主机的其他连接都没有在发探测包，主机是否停顿，正反两面都没有证据。
host-frozen-here-alone = { $local } 主机的其他连接都没有在发探测包，所以主机停顿与单个定时器丢失看上去没有区别。
host-frozen-here-others-on-time = 关闭前后 { $span } 内，{ $local } 主机的 { diag-others } 按时发出了 { diag-probes }。
host-frozen-here-others-probed = 那段时间里，{ $local } 主机的 { diag-others } 仍在发探测包。
host-frozen-here-stood = { $local } 的主机停顿了 { $silence }：这期间它在抓到的所有连接上都没有发出报文，{ $none_made ->
    [yes] 报文计数器（IP ID）表明内核没有生成任何报文，
   *[no] {""}
}随后到点已久的保活探测包一起发出。
host-frozen-here-others-missed = 同一时间，{ $local } 主机的 { diag-others } 也漏发了探测周期。
host-frozen-here-sent-meanwhile = { $local } 主机的 { diag-others } 也漏发了探测周期，但那段时间主机发出过报文：它最长的静默是 { $silence }。
host-frozen-here-longest-silence = 那段时间里，{ $local } 主机没有发出报文的最长一段是 { $silence }。
host-frozen-here-timers-ran-on = 这段空白之后，保活探测包仍落在没有空白时应有的时刻上：{ $local } 主机的定时器一直在走。缺的探测包没有进入抓包，或者是抓包漏抓了报文。
host-frozen-here-silent = { $local } 主机有 { $silence } 没有在抓到的任何连接上发出报文。
host-frozen-here-overdue = 那段静默结束后的 { $within } 内，发出了 { $probes } 个逾期的保活探测包；主机停顿之后就是这样。
host-frozen-here-capture-stood = 如果是抓包停了那么久，看上去也是这样。
host-frozen-here-place-unknown = 没有什么能证明抓包是在 { $local } 抓的：链路不通看上去也是这样。

# 抓包漏抓。

capture-loss-bytes-are-there = 凡是被确认过的字节，此次抓包中都有。丢了 ACK 和探测包则未必看得出来。
capture-loss-nothing-missing = 凡是被确认过的字节，此次抓包中都有，报文计数器也没有缺口。丢了 ACK 和探测包则未必看得出来。
capture-loss-answers-made = { $who } 的报文计数器在那段时间增加了 { diag-packets }：{ $who } 有过响应，只是不在此次抓包中。

closing-frame-sooner-than-syns = 这个关闭报文在它所应答的报文之后 { $delay } 就到了。{ $answers ->
    [1] 抓包中它的发送方主机对 SYN 的唯一一次应答用了 { $least }
   *[other] 抓包中它的发送方主机对 SYN 的 { COUNT($answers) } 次应答里，最快的也用了 { $least }
}：{ $sure ->
    [yes] 它是从更近的地方发出的。
   *[no] 它可能是从更近的地方发出的。
}
closing-frame-too-soon = 关闭报文在它所回应的报文段之后 { $delay } 就到了，而其发送方的其他响应都不短于 { $least }：它是从更近的地方发出的。
opening-host-alive = 同一时间收到了 { wait-frames }，说明主机在运行，链路也是通的。
opening-queue-or-filter = 在运行的主机不响应 SYN，可能是监听队列已满，可能有包过滤规则，也可能把 SYN 的时间戳当成了旧的（4.12 之前的 Linux 开启 tcp_tw_recycle，而多台主机共用一个地址）。
opening-path-worked = 同一时间链路上仍有 { $silent } 主机的其他报文到达。
wait-syn-host-heard = { $asker } 请求建立连接（SYN）{ $tries } 次，没有得到响应。{ opening-host-alive }{ opening-queue-or-filter }
path-loss-probes-counted = { $asker } 的 { $sent } 个保活探测包中有 { $lost } 个{ $percent ->
    [0] {""}
   *[other] （{ $percent }%）
}没有得到 { $silent } 的响应，连续最多 { $longest } 个。
path-loss-counted = { $sender } 的 { $octets } 字节始终没有到达：第 { $frame } 号报文带有 { $sender } 下一个要发送的序列号，说明这些字节已经发出。
path-loss-hole = { $sender } 的 { $octets } 字节始终没有到，而后面的数据到了，也没有任何一方确认过它们。
keepalive-gave-up-unseen = { $who } 的报文计数器在它发 RST 之前的 { $silence } 内增加了 { diag-packets }，而抓包中一个都没有：{ $who } 发出的报文没有到达这里，例如被中间设备拦下的保活探测包，然后它放弃了连接。
reset-after-idle = { $who } 在 { $idle } 没有数据之后以 RST 结束了连接。它不是回应任何报文，并且来自 { $who } 自己的套接字。
closed-together = { $service } 在 { $within } 之内关闭了 { $closes } 条连接，这一条也在其中。
closed-together-after = { $service } 在 { $within } 之内关闭了 { $closes } 条连接，这一条也在其中。它们此前无数据的时长从 { $youngest } 到 { $oldest } 不等。{ $cause ->
    [event] 相同的是时刻，而不是时长：要么进程退出了，要么代理切换了后端。
    [pair] 相同的是时刻，而不是时长：不可能是同一个空闲超时关闭了这两条连接。进程退出会这样，程序因其中一条而关闭另一条也会这样。
    [limit] 相同的主要是时长，而不是时刻：空闲超时。
   *[either] 看不出相同的是时刻还是时长：进程退出会这样，空闲超时也会这样。
}
peer-stalled-replied = 本端的请求没有一个没有得到回复。
peer-stalled-not-acknowledged = 没有什么能证明最后的数据到达了 { $peer }。
peer-stalled-no-reply-due = 最后的数据不需要回复，或者等待的时间还太短，不能说不会有回复。
peer-stalled-no-reply = { $peer } 内核确认了 { $local } 在第 { $frame } 号报文中的数据，而此后 { $waited } 内 { $peer } 没有发送数据，{ $given_up ->
    [yes] 直到 { $local } 放弃
   *[no] 直到连接或抓包结束
}。
peer-stalled-asked-again = 此后 { $local } 又发送了 { $again } 条消息，这类消息 { $peer } 以前每次都有回复，这次都没有。
peer-stalled-fin-ignored = { $peer } 内核也确认收到了 { $local } 的 FIN，而 { $peer } 的应用程序既没有作答，也没有关闭自己这一侧。
peer-stalled-closed-promptly = { $local } 的 FIN 之后不久，{ $peer } 就关闭了自己这一侧：它的应用程序读了连接，也许并不欠什么回复。
peer-stalled-log-timed-out = 日志称等待回复超时。
peer-stalled-kernel-silent = { $peer } 的内核没有响应保活探测包，而响应探测包不需要应用程序：没有响应的不只是应用程序。
peer-stalled-replied-later = { $peer } 在该请求之后 { $waited } 才再次发送数据（第 { $frame } 号报文），而 { $local } 在那之前 { $closed } 就已关闭了自己这一侧：{ $peer } 的程序是慢，并没有一直卡住。
peer-stalled-greeting = 这是 TLS 的第一个消息，服务端总要先回应它，哪怕只是一个告警。
peer-stalled-habit = 此前在这条连接上，{ $peer } 答复过 { $turns } 个请求，每个都在 { $habit } 之内。
peer-stalled-may-owe-nothing = { $peer } 是否欠着回复，此次抓包看不出来。
window-asks-unanswered = { $who } 关闭了接收窗口（零窗口，第 { $frame } 号报文）。此后 { $other } 在 { $lasted } 内询问了 { $asks } 次窗口是否已重新打开，都没有得到响应。不论应用程序在做什么，内核都会响应这种询问。
unread-by-both = 双方的接收窗口都一直关闭，{ $first } 的先关闭。两端的程序可能都在等对方读数据。
peer-stalled-window-closed = { $peer } 关闭了接收窗口（零窗口，第 { $frame } 号报文），{ $lasted } 内没有再打开，这期间{ $asks ->
    [0] 对方没有询问
   *[other] 对方询问了 { $asks } 次
}：{ $peer } 的应用程序没有读数据。
stalled-kernel-has-it = 另一端的内核自始至终都在参与，所以链路是通的，主机也在运行。
objection-request-lost = 是请求在途中丢了。
objection-path-down = 是链路不通，另一端的主机没有问题。
close-race-no-fin = 此次抓包中，{ $peer } 没有以 FIN 关闭。
close-race-own-fin = { $local } 先关闭。
close-race-nothing-crossed = FIN 到来时，{ $local } 没有数据在途中。
close-race-crossed = { $local } 发出的数据（第 { $frame } 号报文）与 { $peer } 的 FIN（第 { $fin } 号报文）在途中交错，在此次抓包中相隔 { $apart }：两端各自发送时，都还没有收到对方的报文段。
close-race-taken = { $peer } 仍然确认了这些数据：它只关闭了一个方向。
close-race-no-answer = 这些数据后来怎样，此次抓包看不出来。
close-race-refused = { $peer } 用 RST（第 { $frame } 号报文）拒绝了这些数据：请求丢了，{ $peer } 的应用程序没有收到。
mtu-verdict = 大包过不去，小包过得去。
mtu-no-data = 抓包中没有得到确认的数据，看不出多大的报文能通过。
mtu-largest-passed = 已知在该方向上通过的最大报文段带有 { $octets } 字节数据。
mtu-as-large-passed = 此前有同样大的报文段通过（{ $octets } 字节数据），所以问题不在大小。
mtu-sent-again = { $who } 在 { $lasted } 内把 { $octets } 字节数据（第 { $frame } 号报文）重传了 { sent-again }，始终没有得到确认。
mtu-hole = { $who } 的 { $octets } 字节始终没有到，而后面的数据到了；这个缺口持续了 { $lasted }。
mtu-perhaps = { $who } 的报文段中，数据超过 { $largest } 字节的一个也没有到达，所以大报文可能无法通过路径。
mtu-not-heeded = { $told }此后 { $who } 仍原样重传了 { $octets } 字节数据（第 { $frame } 号报文）：这个通知没有到达它的主机，或者主机没有照办。
mtu-small-not-shown = 这期间收到了 { $other } 的报文，但那只说明返回方向是通的：{ $who } 的小报文段是否到达，此次抓包看不出来。
mtu-no-message = 此次抓包中，看不到说明这条连接报文过大的 ICMP 消息：可能没有设备发出，可能在途中被过滤，也可能它引用的报文内容太少。
mtu-small-pass = 这期间 { $who } 有 { $small } 个小报文段通过：链路畅通，主机也在运行。
idle-forgotten-no-silence = 没有哪个静默之后的报文段被丢弃或拒绝。
idle-forgotten-outlived = 这条连接此前经受过 { $silence } 的静默。
idle-forgotten-reset = 连接有 { $silence } 没有报文；此后的第一个报文段（{ $who } 的第 { $frame } 号报文）引来 RST（第 { $reset } 号报文）。
idle-forgotten-dropped = 连接有 { $silence } 没有报文；此后的第一个报文段（{ $who } 的第 { $frame } 号报文）重传了 { sent-again }，没有任何响应。
idle-forgotten-others-open = 那时到 { $peer } 主机的新连接能够建立：链路是通的，主机也在运行。
idle-forgotten-arrived = 抓包就在 { $peer }，其中有这个报文段：中间设备没有丢弃它。
idle-forgotten-all-silent = 在这 { $silence } 里，{ $local } 的主机在所有连接上都没有报文。可能是没有数据要发，可能是主机停住了或者在休眠，也可能是抓包中断过：此次抓包看不出是哪一种。
idle-forgotten-or-gone = 中间设备清除了连接，与 { $peer } 已不在，看上去没有区别。
idle-forgotten-or-socket-gone = 中间设备清除了连接，与主机不再有这条连接，看上去没有区别。
clock-stood = 在第 { $first } 号与第 { $last } 号报文之间，{ $who } 主机（{ $host }）的时间戳时钟比此次抓包的时钟少走了 { $lasted }，而 { $other } 的时钟与抓包一致：{ $who } 的主机停住了 { $lasted }。
clock-stood-with-capture = 按 { $other } 的时间戳，第 { $first } 号与第 { $last } 号报文之间比此次抓包的时钟（{ $passed }）多过了 { $lasted }，而 { $host } 的时钟与抓包一致：{ $who } 的主机停住了 { $lasted }，抓包也随之停住。
clock-burst = { $who } 的主机一次收进了 { $other } 陆续发出的报文：按 { $other } 的时间戳，这 { $frames } 个报文是在 { $made } 内发出的，而它们在 { $within } 内到来。
clock-was-set = 在第 { $first } 号与第 { $last } 号报文之间，两台主机的时间戳都比此次抓包的时钟少走了 { $by }：是抓包的时钟被拨快了，并没有缺探测包。
clock-only-one = 但如果抓包与 { $local } 的主机一同停住，看到的探测包也是准时的，而没有其他主机的时间戳能证明时间在走。
clock-of-the-peer-agrees = { $peer } 的时间戳时钟与此次抓包的时钟同步，所以抓包没有随 { $local } 的主机停住。
packets-made-none = { $who } 的报文计数器只加了一：那段时间它的内核没有发出任何报文，连被丢弃的也没有。
refused-by-device = 设备 { $device } 没有转发 { $sender } 的 { $count } 个报文，并说明了原因：{ $reason ->
    [net_unreachable] 它没有到该网络的路由
    [host_unreachable] 它到不了该主机
    [protocol_unreachable] 那里不支持该协议
    [port_unreachable] 该端口不可达
    [hops_exceeded] 报文经过的路由器过多
   *[prohibited] 防火墙规则禁止
}（ICMP 类型 { $icmp_type }，代码 { $icmp_code }）。
refused-for-size = 设备 { $device } 说明 { $sender } 的 { $count } 个报文超过了下一段链路的上限{ $mtu ->
    [0] {""}
   *[other] （{ $mtu } 字节）
}（ICMP 类型 { $icmp_type }，代码 { $icmp_code }）。
next-hop-silent = { $local } 的主机在 { $lasted } 内 { $requests } 次询问{ $is_peer ->
    [yes] 对端自己（{ $target }）
   *[no] 链路上的下一跳（{ $target }）
}的硬件地址，没有得到响应。
next-hop-host-ran = 那段时间 { $local } 的主机在运行：它一直在询问下一跳的硬件地址。
next-hop-nothing-reached = 看不出 { $peer } 的主机是否在运行：发给它的报文没有出过本链路。
next-hop-holds-probes = 在下一跳（{ $target }）响应之前，内核会扣住要发的报文，得不到响应就丢弃：探测包发不出去。
