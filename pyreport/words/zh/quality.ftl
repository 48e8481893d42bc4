# tshark 未能读出的内容。

capture-cut-short = 抓包文件 { $file } 在一个报文的中间被截断：只读取了截断之前的报文。
capture-damaged = 抓包文件 { $file } 已损坏：只读取了损坏之前的报文（tshark 的说明：{ $said }）。

# What became of a file while it was read, and what is left out when a part of the capture is asked for.

capture-grew = { $file } 在读取期间增长了 { $more } 字节：只读取了开始时已有的前 { $bytes } 字节。
capture-shrank = { $file } 在读取期间变短了，从 { $bytes } 字节变为 { $left } 字节：读到的内容可能前后不一致。请先复制该文件，再读取副本。
capture-replaced = { $file } 在读取期间被移动、删除或替换。读取的是开始时使用这个名称的文件。
capture-stopped = 抓包被 Ctrl-C 停止：报告只涵盖此前从标准输入收到的 { $bytes } 字节。
files-overlap = 这 { $files } 个文件的时间有重叠：其中的报文按时间顺序合并为一次抓包。
files-of-other-hosts = { $file } 与其他文件没有共同的主机：这些文件可能来自不同的主机，各主机的时钟可能不一致。
limited-from-to = 只判定了 { $first } 至 { $last } 之间的报文。抓包中此前和此后的报文未纳入判定。
limited-from = 只判定了 { $first } 及以后的报文。抓包中此前的报文未纳入判定。
limited-to = 只判定了 { $last } 及以前的报文。抓包中此后的报文未纳入判定。
limited-host = 只判定了由 { $host } 发出和发往 { $host } 的报文。抓包中的其他报文未纳入判定。
capture-damaged-file = 文件 { $file } 中只读取了{ $damage ->
    [no_time] 一个没有时间戳的报文
   *[header] 损坏处
}之前的报文。

capture-copied = tshark 以用户 { $user } 运行，该用户无权读取 { $file }，因此 tshark 读取的是一份私有副本，结束时会删除。

# 抓包的价值。

self-check-equal = { $findings ->
    [0] 已核对：快速读取器与 tshark 加插件在此连接上均无发现
   *[other] 已核对：此连接上的 { $findings } 项发现与 tshark 加插件的结果完全一致
}
self-check-differs = 快速读取器与 tshark 加插件在此连接上的发现不一致，首个不同之处在第 { $frame } 帧。本报告以 tshark 加插件的发现为准。请反馈此问题。
read-by-reader = pyreport 的快速读取器，判定规则与插件相同
read-by-tshark = tshark 加插件，{ why-tshark-reads }
read-by-both = pyreport 的快速读取器，判定规则与插件相同；其中 { $odd } 帧及相关的 { $connections } 条连接由 tshark 加插件读取，{ why-tshark-reads }
why-tshark-reads = { $reason ->
    [asked] 按命令行的要求
    [no_luajit] 因为本机没有 LuaJIT（Python 包 lupa 或程序 luajit）
    [failed] 因为快速读取器出错：请报告此问题
    [container] 因为快速读取器只读未压缩的 pcap 和 pcapng 文件
    [block] 因为文件中有快速读取器不识别的块
    [damage] 因为文件已损坏
    [time] 因为文件中有 1970 年之前或 2262 年之后的时间，或时间相差超过 104 天
    [link] 因为快速读取器不识别某一帧的链路层
    [cut] 因为某一帧的首部被截断
    [header] 因为某一帧的 IP 或 TCP 首部不常见
    [fragment] 因为有分片的报文
    [tunnel] 因为某一帧里可能封装了另一个报文
    [quoted] 因为有 ICMP 差错报文引用了另一个报文
    [neighbour] 因为有主机在查询硬件地址（ARP、邻居发现）
    [port] 因为某个端口属于会另开连接的协议
   *[field] 因为快速读取器不认识某个字段
}

quality-one-direction = 此次抓包中没有 { $silent } 的报文，而 { $silent } 确实发过：这是单向抓包。
quality-one-direction-shared = { quality-one-direction }{ $everywhere ->
    [yes] 抓包中全部 { $every } 条连接都是如此。
   *[no] 抓包中 { $every } 条连接里有 { $alike } 条是如此。
}
quality-one-side-only = 此次抓包中没有 { $silent } 的报文：要么 { $silent } 什么都没发，要么这是单向抓包。

quality-lost-frames = { $receiver } 确认了 { $sender } 的 { $bytes } 字节，而抓包中没有任何报文带有这些字节：抓包漏抓了确实到达的报文。

quality-counter-gap = { $side } 发出的 { $packets } 个报文不在此次抓包中，这由它的报文计数器可知：其报文的 IP ID 随这条连接的每个报文加一。
quality-counter-gaps = { quality-counter-gap }计数器的第一处缺口在第 { $before } 号与第 { $after } 号报文之间。

quality-dropped = 抓包文件称有 { $total } 个报文没有抓到：网卡丢弃 { $interface } 个，操作系统丢弃 { $system } 个。

quality-copies = { $every } 个报文中有 { $copies } 个是其他报文的副本：镜像端口发了两次，或者抓包同时在多个接口上进行。副本不是重传。

quality-capture-hole = { $count ->
    [1] 抓包文件中有 { $longest } 没有任何主机的报文。
   *[other] 抓包文件中有 { $count } 段时间没有任何主机的报文，最长的一段为 { $longest }。
}这段时间里发生了什么，无法判断。
quality-ends-early = 抓包在写下错误日志之前 { $early } 就结束了。
quality-ends-early-dead = 抓包在写下错误日志之前 { $early } 就结束了，但那时连接已经失效。
quality-starts-late = 抓包在写下错误日志之后 { $late } 才开始。
quality-no-data = 此次抓包中没有这条连接的数据，因此无法测量连接空闲了多久。

quality-clock-steps = 报文的时间{ $steps ->
    [1] 回退过一次，幅度为 { $largest }
   *[other] 回退过 { $steps } 次，最大幅度为 { $largest }
}：抓包主机的时钟被调整过，或者文件是由多个抓包拼接而成的。

quality-cut-frames = { $cut ->
    [1] { $every } 个报文中有 { $cut } 个没有抓全：只保留了 { $kept } 字节。
   *[other] { $every } 个报文中有 { $cut } 个没有抓全：每个最多保留 { $kept } 字节。
}

# 抓包位置的线索。

vantage-same-address = 两端的地址相同，所以抓包就在两端所在的主机上。

vantage-marked-sent = 抓包主机把 { $near } 的报文标为自己发出，把 { $far } 的报文标为收到。
vantage-marked-forwarded = 抓包主机把两端的报文都既标为收到又标为发出：它在转发这些报文。
vantage-marked-for-another = 抓包主机把两端的报文都标为发给别的主机：抓包是在镜像端口或共享介质上进行的。
vantage-marked-received = 抓包主机把两端的报文都标为收到，没有一个标为发出：这些报文没有离开过这台主机。

vantage-checksums-unfinished = { $near } 的报文，TCP 校验和尚未填好，是内核交给网卡时的样子；{ $far } 的报文，TCP 校验和已经填好。
vantage-checksums-unfinished-both = 两端报文的 TCP 校验和都没有填好：这是虚拟网络，据此不能判断抓包位置。

vantage-borrowed = 从这条连接的报文看不出在哪里抓包。同样两台主机的其他连接表明，抓包在 { $near }。
vantage-padded = { $far } 的短报文带有填充，是网卡发到线路上时加的；{ $near } 的短报文没有填充：它们还没有上过线路。
vantage-padded-both = 两端的短报文都带有填充：两端的报文都是经线路到来的。

vantage-large-segments = 有的报文段多达 { $largest } 字节，超过了声明的 { $limit } 字节。所以抓包是在某台主机内部进行的，在网卡切分报文之前，或者在网卡合并报文之后。至于是哪台主机，据此看不出来。

vantage-hop-limit-fresh = { $near } 的报文 { vantage-hop-limit-name } 为 { $near_limit }，还没有路由器减过；{ $far } 的报文 { vantage-hop-limit-name } 为 { $far_limit }。
vantage-hop-limits-lowered = 两端报文的 { vantage-hop-limit-name } 都被路由器减过：{ $one } 的报文为 { $one_limit }，{ $other } 的报文为 { $other_limit }。
vantage-hop-limit-name = { $version ->
    [v6] hop limit
   *[v4] TTL
}

vantage-one-is-near = { vantage-fastest-answers }：{ $far } 的时间里包含了去 { $far } 的路程。
vantage-none-is-near = { vantage-fastest-answers }：主机自身不会这么慢，所以两个时间里都包含了路程。
vantage-fastest-answers = { $shown ->
    [handshake] 握手时
   *[fastest] 最快时
}，{ $near } 在 { $near_time } 内响应，{ $far } 在 { $far_time } 内响应

# 抓包的缺陷影响什么。

flaw-weakens = 这影响到的结论：{ $what }。
weakened-absence = 什么没有发送
weakened-answers = 什么没有得到响应
weakened-counts = 发送了多少次
weakened-times = 用了多长时间
weakened-ending = 连接如何结束
weakened-payload = 数据的内容

quality-no-beginning = 抓包从连接的中间开始，且没有 { $sides } 的数据：那里此前有没有发过 FIN，无法判断。
vantage-stood-still = 此次抓包的时钟与 { $near } 的时间戳一同停了 { $stood }，而另一端的时间戳仍在走：抓包就在 { $near } 所在的主机上。
