# 报文逐条分析的各个步骤，以及图中的文字。

walk-syn-ack-again = { $who } 重发了 SYN-ACK：它还没有接纳 { $other } 的确认。
walk-end-of-handshake = 三次握手的末尾；握手的开头不在此次抓包中。
walk-opens = { $who } 建立连接（三次握手）。
walk-asks-for-connection = { $who } 请求建立连接（SYN）。

walk-earlier = 到此为止的步骤不再逐条列出，{ $probes ->
    [0] 其中没有保活探测包。
   *[other] 其中有 { $probes } 个保活探测包。
}{ $missed ->
    [0] {""}
   *[other] 这段时间漏发 { $missed } 个探测周期。
}
walk-last-data = 这是连接上最后的数据。
walk-data-both-ways = 双方互相收发数据。
walk-bytes-both-ways = { $who } 发送 { $sent } 字节，{ $peer } 发送 { $received } 字节。
walk-bytes = { $who } 发送 { $sent } 字节。
walk-last-payload = 最后一个数据包来自 { $who }（第 { $frame } 号报文）。

walk-window-probes = { $who } 内核发出 { $count } 个零窗口探测包，询问 { $other } 的接收窗口是否已重新打开。
walk-window-opened = { $who } 重新打开了接收窗口（第 { $frame } 号报文）。
walk-window-no-answer = 没有得到响应。
walk-window-still-closed = { $count ->
    [1] 窗口没有打开。
   *[other] 窗口始终没有打开。
}

walk-answer-alone = 对保活探测包的响应。
walk-probe = { $who } 内核发出一个保活探测包。
walk-probes-steady = { $who } 内核每 { $every } 发一个保活探测包，共 { $count } 个。
walk-probes-uneven = { $who } 内核发出 { $count } 个保活探测包，间隔 { $shortest } 到 { $longest }。
walk-probes-of-both = { $who } 和 { $peer } 的内核共发出 { $count } 个保活探测包。
walk-probes-after-fin = 该端的应用程序没有关闭套接字，所以内核照常探测。
walk-probes-answered = { $count ->
    [1] 探测包得到了响应。
   *[other] 全部得到响应。
}
walk-probes-unanswered = { $count ->
    [1] 探测包没有得到响应。
   *[other] 全部没有得到响应。
}
walk-probes-untold = { $count ->
    [1] 它的响应在另一个方向上，没有抓到。
   *[other] 它们的响应在另一个方向上，没有抓到。
}
walk-answers-after-fin = 响应来自对方的内核，并不说明那里的应用程序处于什么状态。

walk-missed = { $who } 漏发 { $count } 个探测周期。
walk-missed-until = 探测包在这个时刻到点，却一直没有出现，直到 { $what ->
    [probe] 下一个探测包结束了这段空白。
    [data] 数据包结束了这段空白。
    [ack] ACK 结束了这段空白。
    [fin] FIN 结束了这段空白。
    [rst] RST 结束了这段空白。
   *[other] 这段空白结束。
}
walk-missed-to-the-end = 探测包在这个时刻到点，但直到抓包结束也没有出现。

walk-silence-before = 距上一个报文 { $idle }。
walk-next-due = 下一个保活探测包要到关闭之后 { $margin } 才到点。
walk-fin-repeated = FIN 共发送了 { $count } 次。
walk-fin-after-rst = { $who } 在 RST 之后发送了 FIN。
walk-fin-again = { $who } 再次发送了 FIN。
walk-answering-fin = { $who } 也关闭了自己这一侧（FIN）。
walk-fin-acknowledged = { $who } 内核确认收到 FIN。
walk-half-closed = 连接进入半关闭。{ $who } 的应用程序只有去读这条连接，才会得知（读到 EOF）。
walk-bytes-written = 共 { $sent } 字节。
walk-write-overlooked = 此前 { $who } 内核已经收到 FIN。
walk-forgotten = { $who } 已经不认识这条连接。
walk-gave-up = { $who } 内核{ $count ->
    [1] 有 1 个
   *[other] 连续 { $count } 个
}探测包没有得到响应，于是放弃连接并发出 RST。
walk-gave-up-error = { $who } 的应用程序会得到错误 ETIMEDOUT。
walk-reset-by-name = 一个以 { $who } 名义发出的 RST 结束了连接。
walk-reset = { $who } 重置了连接（RST）。
walk-refuses-another = { $who } 用 RST 拒绝了它：这一端没有这样的连接。
walk-answers-for-another = 收到的不是 SYN-ACK，而是 { $who } 的一个 ACK，它属于更早的连接。
walk-refuses-to-open = { $who } 用 RST 拒绝了这次连接请求。
walk-another-reset = { $who } 又发出一个 RST；此时连接早已失效。
walk-acknowledges = { $who } 发出确认（ACK），不带数据。
walk-logs = 应用程序记录了日志“{ $error }”。
walk-next-connection = { $who } 从 { $end } 向同一对端重新建立连接（TCP 流 { $stream }）。

# 图中的文字。
figure-title = 连接的时间线
figure-logged = 日志：{ $error }
figure-syn = SYN，第 { $frame } 号报文
figure-data = 数据，第 { $frame } 号报文
figure-probe = 保活探测包，第 { $frame } 号报文
figure-unanswered = 没有得到响应的探测包，第 { $frame } 号报文
figure-answer = 探测包的响应，第 { $frame } 号报文
figure-segment = 报文，第 { $frame } 号
figure-reset = RST，第 { $frame } 号报文
figure-refused = 被 { $device } 拒绝，第 { $frame } 号报文
figure-fin = FIN，第 { $frame } 号报文
figure-write = 写数据，第 { $frame } 号报文
figure-probe-after-fin = FIN 之后的探测包，第 { $frame } 号报文
figure-fin-ack = 对 FIN 的 ACK，第 { $frame } 号报文
figure-first-probe = 首个探测包，第 { $frame } 号报文
figure-last-probe = 最后一个探测包，第 { $frame } 号报文
figure-last-answered-probe = 最后得到响应的探测包，第 { $frame } 号报文
figure-idle = { $age } 无数据
figure-unacknowledged = { $waited } 未得到确认
figure-stalled = { $lasted } 没有读数据或没有作答
figure-missed = 漏发 { $count } 个周期
figure-close-wait = CLOSE_WAIT { $kept }
figure-neighbours = 本机其他 { $count } 条连接
figure-some-neighbours = 本机其他连接中的 { $shown } 条
figure-local-time = { $zone ->
    [UTC] 时间
   *[other] 当地时间
}
figure-crowded = 短线：标记过密，颜色同其种类
figure-neighbour-probe = 本机其他连接的探测包
figure-break = 略去 { $gap }
figure-broken = 时间轴断开，两侧比例不同
figure-labels-left-out = 有 { $count } 个标注因位置不够而略去；报文逐条分析中列有每一步。
figure-spans-unnamed = 另有 { $count } 段时间只涂底色，没有标名。

mark-syn = SYN
mark-data = 数据
mark-repeats = 重传的数据
mark-probe = 保活探测包
mark-answer = 探测包的响应
mark-unanswered = 没有得到响应的探测包
mark-fin = FIN
mark-ack = 确认（ACK）
mark-write = 写数据
mark-reset = RST
mark-refused = 被设备拒绝（ICMP）
mark-log = 错误日志
mark-missed = 漏发的探测周期
mark-quiet = 没有报文
mark-other = 其他
mark-arrived = 已到达

span-idle = 无数据
span-close_wait = 已收到 FIN，套接字未关闭（CLOSE_WAIT）
span-unacknowledged = 数据未得到确认
span-stalled = 应用程序没有读数据或没有作答
span-missed = 漏发的探测周期

# 梯形图中的文字。
ladder-title = 两端之间的关键报文
ladder-states = 竖线旁：该报文之后两端的连接状态（RFC 9293），以此次抓包所见为准。
ladder-dashed = 虚线：一秒或更久没有关键报文。
ladder-rung = { TIME($time, show: "clock") } { $who }：{ $what }
ladder-later = +{ $since }
tcp-state = { $state ->
    [closed] CLOSED
    [syn_sent] SYN_SENT
    [syn_received] SYN_RECEIVED
    [established] ESTABLISHED
    [fin_wait_1] FIN_WAIT_1
    [fin_wait_2] FIN_WAIT_2
    [close_wait] CLOSE_WAIT
    [last_ack] LAST_ACK
    [closing] CLOSING
   *[time_wait] TIME_WAIT
}

# 探测周期图中的文字。
cadence-title = { $side } 的探测包：逐个间隔
cadence-gap = 距上一个探测包
cadence-band = 该设置下的周期，允许偏差 { $within }
cadence-missed = 探测包到点未发
cadence-close = 关闭
cadence-next-due = 下一个探测包的到点时刻
cadence-many = 探测包过密处，一个标记代表若干个；最长的间隔都已画出。
cadence-told = 共 { $probes } 个间隔，最短 { $shortest }，最长 { $longest }，{ $missed ->
    [0] 没有漏发
   *[other] 漏发 { $missed } 个周期
}
