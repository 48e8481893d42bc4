# 同一条连接在两份抓包中的对比。
# 同时有两者的消息中，$who 是报文的发送方，$whom 是接收方。

## 为什么是这条连接

connection-is-the-worst-in-both =
    { $count ->
        [1] 没有指定连接。两份抓包中都有的连接只有这一条。
       *[other] 没有指定连接。两份抓包中都有的 { $count } 条连接里，这一条问题最严重。
    }
connection-has-no-incident = 单看任何一份抓包，这条连接上都没有警告。

## 首先要说明的

compare-nothing-in-common = 这条连接没有任何报文可以确定在两份抓包中是同一个。
clocks-cannot-be-compared = 两份抓包的时钟无法对比。
captures-were-swapped =
    { $order ->
        [times] 从报文的时间可知，更靠近 { $who } 的抓包是 { $path }，虽然它写在第二位。本报告按这个顺序处理两份抓包。
       *[hop_limits] 从报文的 TTL（hop limit）可知，更靠近 { $who } 的抓包是 { $path }，虽然它写在第二位。本报告按这个顺序处理两份抓包。
    }
capture-order-unknown = 从报文看不出哪份抓包更靠近 { $who }。本报告采用写在第一位的 { $path }。
clock-difference-jumps = 两份抓包的时钟走得不一致。在 { $path } 的第 { $frame } 号报文处，两者之差跳变了 { $jump }。
capture-lacks-packets = { $path } 中缺少这条连接的 { $count } 个报文，而这些报文 { $who } 确实发送或收到过。所以某个报文不在这份抓包中，不能作为证据。
capture-seems-to-be-between = { $path } 看来是在两端之间抓的，而不是在 { $who } 抓的。本报告关于 { $who } 的说法，只对抓包位置成立。
capture-seems-to-be-elsewhere = { $path } 看来是在 { $whom } 抓的，而不是在 { $who } 抓的。请检查两份抓包是否来自不同的两端。

## 判断报文去向的依据

packet-looks-like-others = 有几个报文与它一样。两份抓包中的报文谁对应谁，无法判断。
capture-began-later = { $who } 抓包的第一个报文，至少在这个报文之后 { $later }。
capture-may-have-begun-later = { $who } 抓包的第一个报文可能在这个报文之后：两端时钟之差和途中所用的时间，抓包给出的范围不够小。
capture-ended-before = { $who } 抓包的最后一个报文，至少在这个报文之前 { $earlier }。
capture-may-have-ended-before = { $who } 抓包的最后一个报文可能在这个报文之前：两端时钟之差和途中所用的时间，抓包给出的范围不够小。
capture-covers-and-lacks-it = { $who } 的抓包覆盖了这个报文的时间，而其中没有它。
capture-lacks-this-and-others = { $who } 的抓包中没有这个报文；同一份抓包还缺少其他确实经过那里的报文。

receiver-reacted-to-packet = { $who } 对这个报文有反应，所以报文到达了，只是 { $who } 的抓包漏抓了它。
answer-without-its-packet = { $who } 得到了对这个报文的响应，而 { $whom } 的抓包中既没有这个报文，也没有响应。
receiver-went-on = 按时间 RST 必已到达，而 { $who } 此后仍在发送。
receiver-sent-no-answer = { $who } 也没有发出响应。
receiver-did-not-acknowledge = { $who } 没有确认这个报文。
receiver-acknowledged-less = { $who } 后来的确认没有包含这个报文的内容。
receiver-acknowledged-a-copy = { $who } 在后来的重传到达之后，才确认了这些字节。

ip-id-fills-a-gap = 这个报文的 IP ID 正好是 { $who } 的 IP ID 序列中缺的那个，所以报文是 { $who } 发的。
sender-counts-the-packet = { $who } 后来的序列号把这个报文计算在内，所以报文是 { $who } 发的。
sender-went-on = 在这个报文之后约 { $later } 内，{ $who } 仍在发送，就像从没发过这个报文一样。
hop-limit-is-unlike = 这个报文到达时的 TTL（hop limit）为 { $hop_limit }，而 { $who } 的其他报文到达时都是 { $usual }。
answer-is-faster-than-the-path = 这个报文在它所回应的报文之后 { $took } 就到了，而报文到 { $who } 再返回至少需要 { $least }。
packet-made-or-not-captured = 要么是中间设备产生了这个报文，要么是 { $who } 发了它而那里的抓包漏抓了。

packet-took-at-most = 这个报文在途中最多用了 { $most }。
packet-took-about = 这个报文在途中约用了 { $middle }。
packet-took-between = 这个报文在途中用了 { $least } 到 { $most }。

## 关于 FIN 或 RST 的结论

close-word = { $close ->
        [fin] FIN
       *[rst] RST
    }
rst-made-towards-both = { $who } 和 { $whom } 各收到一个 RST，而这个 RST 都不是另一端发的。是两者之间的中间设备向两端结束了连接。
close-lost = { $who } 发出的 { close-word } 没有到达 { $whom }。
closes-lost = { $who } 发出的 { $count } 个 { close-word } 没有到达 { $whom }。
close-arrived-with-another = { $who } 的另一个 { close-word } 到达了。
close-sender-unknown = { $whom } 收到的 { close-word } 是不是 { $who } 发的，无法判断。
close-arrival-unknown = { $who } 的 { close-word } 是否到达了 { $whom }，无法判断。
close-not-sent =
    { $proven ->
        [yes] { $whom } 收到的 { close-word } 不是 { $who } 发的。
       *[no] { $whom } 收到的 { close-word } 很可能不是 { $who } 发的。
    }
close-sent-and-arrived = { close-word } 是 { $who } 自己发的，并且到达了。
close-arrived-unseen = { close-word } 是 { $who } 发的，并且到达了，只是 { $without } 的抓包漏抓了它。
rst-answers =
    { $cause ->
        [probe] RST 回应的是保活探测包。
        [write] RST 回应的是写入的数据。
       *[data] RST 回应的是数据。
    }

## 关于连接建立的结论

opening-word = { $opening ->
        [syn] SYN
       *[syn_ack] SYN-ACK
    }
openings-lost = { $who } 发出的 { $count } 个 { opening-word } 没有到达 { $whom }。
opening-arrived-with-another = { $who } 的另一个 { opening-word } 到达了。
opening-never-arrived = 一个也没有到达，所以在两份抓包期间，这条连接没有建立起来。
syn-not-answered = 有 { $count } 个 SYN 到达 { $whom }，而那里的抓包中没有对它们的回应。

## 关于保活的结论

which-probes =
    { $count ->
        [1] 第 { $first } 个探测包
        [2] 第 { $first } 个和第 { $last } 个探测包
       *[other] 第 { $first } 至 { $last } 个探测包
    }
probes-lost = { which-probes }从 { $who } 发出，没有到达 { $whom }。
host-may-have-stood-still = 那段时间 { $who } 的主机什么都没有发送。如果是主机停顿，它的抓包看上去也是这样。
answers-lost = { which-probes }到达了 { $whom }，{ $whom } 也响应了，但响应没有到达 { $who }{ $count ->
        [1] 。
       *[other] 。
    }
probes-not-answered = { which-probes }到达了 { $whom }，但 { $whom } 没有响应{ $count ->
        [1] 。
       *[other] 。
    }
probes-arrival-unknown = { $who } 的{ which-probes }是否到达了 { $whom }，无法判断。
missed-probes-are-elsewhere = { $who } 的抓包显示漏发 { $count } 个周期。但 { $whom } 的抓包中有那段时间的探测包，所以是 { $who } 的抓包漏抓了报文。
missed-probes-never-left = { $who } 漏发 { $count } 个探测周期。到点的探测包在两份抓包中都没有，所以它们没有从 { $who } 发出。

## 关于数据的结论

write-after-fin-arrived = { $who } 在 { $whom } 的 FIN 之后写了数据，数据到达了。
write-after-fin-lost = { $who } 在 { $whom } 的 FIN 之后写了数据，数据没有到达 { $whom }。
payload-all-lost =
    { $count ->
        [1] { $who } 发出 1 个带数据的报文段，没有到达 { $whom }。
       *[other] { $who } 发出 { $count } 个带数据的报文段，一个也没有到达 { $whom }。
    }
payload-lost = { $who } 发出 { $left } 个带数据的报文段，其中 { $count } 个没有到达 { $whom }。
payload-not-sent =
    { $proven ->
        [yes] { $whom } 收到 { $count } 个以 { $who } 名义发来的带数据的报文段，而它们不是 { $who } 发的。
       *[no] { $whom } 收到 { $count } 个以 { $who } 名义发来的带数据的报文段，它们很可能不是 { $who } 发的。
    }
payload-lost-is-the-large = 丢失的报文段都有 { $least } 字节或更多，到达的都不超过 { $most } 字节，像是链路不让大包通过。
payload-never-arrived = 丢失的数据后来并没有全部到达。
payload-arrived-again = { $who } 重传之后，丢失的数据全部到达了。

## 没有严重情况时的结论

the-way-is-unknown = 途中发生了什么，无法判断。
packets-are-in-both = 这条连接有 { $count } 个报文在两份抓包中都有。
nothing-lost-or-made = 未见报文在途中丢失，也未见途中产生的报文。
only-acks-lost-or-made = 途中丢失或产生了 { $count } 个确认（ACK），这不会结束连接。
packets-not-covered = 有 { $count } 个报文落在某份抓包没有覆盖的时间内。
packets-not-told = 有 { $count } 个报文的去向无法判断。

## 途中改变了什么

addresses-translated = { $who } 在 { $here } 的抓包中是 { $first }，在 { $there } 的抓包中是 { $second }。途中有地址转换（NAT）。
sequence-numbers-rewritten = 途中有设备改写了 { $who } 的序列号：从 { $here } 的抓包到 { $there } 的抓包，增加了 { $added }（模 2^32）。
hop-limit-falls = { $who } 的报文在途中 TTL（hop limit）减少 { $by }。
hop-limit-varies = { $who } 有 { $count } 个报文的 TTL（hop limit）减少的数目与此不同。
mss-changed = 途中有设备把 { $who } 声明的 MSS 从 { $sent } 字节改成了 { $arrived } 字节。
timestamps-removed = 途中有设备去掉了 { $who } 的 { $count } 个报文的时间戳。
window-changed = 途中有设备改变了 { $who } 声明的窗口。
window-changed-at-times = 途中有设备不时改变 { $who } 声明的窗口。

## 报文列表

row-rst = { $who } 的 RST
row-syn = { $who } 的 SYN
row-syn-ack = { $who } 的 SYN-ACK
row-probe = { $who } 的第 { $number } 个探测包
row-probe-after-fin = { $who } 在 FIN 之后的第 { $number } 个探测包
row-fin = { $who } 的 FIN
row-fin-with-payload = { $who } 的 FIN，带 { $bytes } 字节数据
row-payload = { $who } 的数据，{ $bytes } 字节
row-payload-after-fin = { $who } 在 FIN 之后的数据，{ $bytes } 字节
row-fin-ack = { $who } 对 FIN 的 ACK
row-answer = { $who } 的保活响应（Keep-Alive ACK）
row-ack = { $who } 的 ACK
row-routine = { $parts }
routine-probes = { $count } 个探测包
routine-answers = { $count } 个保活响应（Keep-Alive ACK）
routine-payload = { $count } 个带数据的报文段
routine-others = { $count } 个其他报文段

row-repeated = { $what }，共 { $count } 个
row-and-fate = { $what }：{ $fate }
fate-arrived-in-pieces = 已到达，切分或合并的方式不同
fate-arrived-unseen = 已到达，那里的抓包漏抓了
fate-lost = 没有到达
fate-not-sent = 不是那一端发的
fate-sent-unseen = 已发出，那里的抓包漏抓了
fate-not-covered = 另一份抓包没有覆盖这个时间
fate-unknown = 无法判断
fates-all-arrived = 全部到达
fates-differ = 去向各异
row-delay = { $middle } ± { $spread }

## 关键事实

fact-clocks = 时钟
clocks-not-compared = 无法对比
clocks-differ-at-most = 最多相差 { $difference }
clocks-differ-at-least = 至少相差 { $difference }
clocks-agree = 一致，误差在 { $within } 以内
clock-is-ahead = { $who } 的抓包比 { $whom } 的抓包快 { $ahead }
clock-difference-is = 两者相差 { $microseconds } 微秒，不确定度为 { $uncertainty }。
clocks-one-direction = 两份抓包中都有的只有一个方向的报文。
clocks-both-directions = 由两个方向的报文得出。
fact-drift = 漂移
drift-not-told = 无法判断
drift-none-seen = 未见；每小时小于 { $most }
drift-seen = 每小时 { $gain } ± { $uncertainty }
drift-is-of = 这是 { $who } 的抓包时钟比另一个时钟快出的量。
fact-packets = 从 { $who } 到 { $whom } 的报文
packets-left-and-arrived = 发出 { $left } 个，其中 { $arrived } 个在两份抓包中都有
packets-otherwise = { CLAUSES($parts) }。
packets-none-lost = 未见报文丢失。
count-lost = { $count } 个没有到达
count-not-sent = { $count } 个到达了，但不是那一端发的
count-arrived-unseen = { $count } 个到达了，但那里没有抓到
count-sent-unseen = { $count } 个发出了，但那里没有抓到
count-not-covered = { $count } 个落在某份抓包没有覆盖的时间内
count-unknown = { $count } 个去向无法判断

## 无法判断的

open-which-device = 是哪台设备产生的。在途经的每台设备两侧抓包即可知道：产生它的设备之前的抓包中没有它，之后的抓包中有。请查途经的防火墙、负载均衡和 NAT 网关的空闲超时与日志。
open-where-lost = 丢在途中何处，为什么。查途经设备的抓包和丢弃计数即可知道。
open-why-not-answered = 主机为什么没有响应到达它的报文：负载、包过滤规则，或者主机有一段时间停顿。
open-why-closed = 关闭的一端为什么要关闭。两份抓包能证明它关闭了；原因要看它自己的日志。
open-why-not-sent = 主机为什么什么都没有发送：负载、虚拟机被挂起，或者包过滤规则。
open-uncovered = 在两份抓包共同覆盖的时间之外，有 { $count } 个报文去向如何。抓包文件以最后一个报文结束；此后抓包是否仍在进行、只是什么都没有看到，从文件看不出来。
open-fates = { $count } 个报文的去向：抓包可能漏抓了，或者报文与其他报文一样。
open-inside-hosts = { $who } 和 { $whom } 的主机内部发生了什么。抓包能看到的是经过主机网卡的报文，而不是应用程序做了什么。

## 报告的其余部分

compare-title = 同一条连接的两份抓包对比
compare-times = { $zone ->
    [UTC] 时间均为 UTC，以各自抓包的时钟为准。报告生成于 { $made }。
   *[other] 时间均为 { $zone } 当地时间，以各自抓包的时钟为准。报告生成于 { $made }。
}
compare-footer = 抓包文件 sha256 { $first }… 和 { $second }…
compare-read-first = ⚠ 请先阅读
compare-verdict = 问题出在哪里
compare-confidence = 可信度
compare-frames = 报文
compare-frames-at = { $who }抓包的{ $frames }
compare-ladder = 起决定作用的报文
ladder-both-ends = 竖线旁：该端抓包中的时刻（按其自身时钟）与报文编号。叉：途中丢失；圆点：途中产生；虚线：两份抓包无法判断。
compare-key-facts = 关键事实
compare-log-line = 错误日志
compare-together = 两份抓包合起来说明什么
compare-what = 内容
compare-packets = 逐个报文对照
compare-time-at = { $who }的时间
compare-frame-there = 报文号
compare-on-the-way = 途中用时
compare-changes = 途中改变了什么
compare-not-told = 仅凭这两份抓包无法判断的
compare-captures = 两份抓包
compare-capture-at = { $who }的抓包
compare-file = 文件
compare-sha256 = SHA-256
compare-size-title = 大小
compare-size = { $bytes } 字节，{ $frames } 个报文
compare-first-frame = 第一个报文
compare-last-frame = 最后一个报文
compare-taken = 抓包位置
compare-read-by = 读取方式
compare-taken-at = 从报文判断，在 { $who }
compare-taken-at-both = 从报文判断，在两端所在的主机
compare-taken-between = 从报文判断，在两端之间
compare-taken-unknown = 从报文看不出来
compare-connection = 连接
compare-filter-connection = 本连接
compare-filter-findings = 本连接上的全部发现
compare-filter = （{ $count }）
compare-files = { $who }的抓包：
compare-appendix = 附录：如何得到同样的报告
compare-made-with = 生成工具：{ $programs }。

packet-is-in-another-stream = 这个报文是 { $who } 抓包的第 { $frame } 号报文，在那里属于另一条 TCP 流（{ $source } → { $destination }）：途中有设备（例如 NAT 网关）给了它与之前的报文不同的地址或端口。
packet-took-untold = 这个报文在途中用了多久，无法判断：其间有时钟停住或被调整。
end-took-in-at-once = { $who } 停顿过：{ $whom } 在 { $made } 内陆续发出的 { $count } 个报文，它在 { $within } 内一次收到，这期间 { $who } 什么都没有发送。
its-clock-stood-too = 时钟之差在那里跳变了 { $jump }：{ $who } 的时钟也停住了，虚拟机被挂起时就是这样。
