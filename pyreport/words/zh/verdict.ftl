# 结论：连接发生了什么，依据是什么，以及最有力的质疑。

# 某样东西重发了多少次。
sent-again = { $repeats } 次

## 保活

keepalive-gap = 在第 { $frame } 号报文之前，{ $who } 漏发了 { $intervals } 个探测周期。
keepalive-gap-to-the-end = 在第 { $frame } 号报文之后，直到抓包结束，{ $who } 漏发了 { $intervals } 个探测周期。
keepalive-gap-after = 在第 { $frame } 号报文之后，{ $who } 漏发了 { $intervals } 个探测周期。
keepalive-gaps = { $who } 漏发了 { $intervals } 个探测周期，分 { $gaps } 段，第一段在第 { $frame } 号报文之{ $after ->
    [yes] 后
   *[no] 前
}。
keepalive-answers-late = { $who } 对保活探测包的 { $late } 个响应在下一个探测包发出之后才到，最长用了 { $longest }：它们在路径上或在其主机上被延迟了，没有丢失。
keepalive-gap-no-cause = { $gap }这是另一个故障，不是关闭的原因。
keepalive-gap-apart = { $gap }这是另一个故障。
keepalive-not-sent-or-lost = 这些探测包要么没有发出，要么在到达抓包位置之前就丢失了。
keepalive-next-due = 没有漏发保活探测包：下一个要到关闭之后 { $margin } 才到点。
keepalive-missing-closes-nothing = 少了探测包，对方不会因此关闭连接：接收探测包的一方没有为它计时（RFC 1122 第 4.2.3.6 节）；探测方自己放弃时，发的是 RST。

# 探测周期有没有漏发，放在关于探测包的句子末尾。
keepalive-intervals = { $missed ->
    [0] { $rested ->
        [yes] 抓包中有一段时间没有任何报文，看不出有没有漏发
       *[no] 没有漏发
    }
   *[other] 漏发 { $missed } 个周期
}
# 统计的是哪些探测包。
keepalive-counted = { $closed ->
    [yes] 关闭之前 { $who } 的
   *[no] { $who } 的
}
keepalive-answered = { keepalive-counted } { $sent ->
    [1] 1 个保活探测包得到了响应
   *[other] { $sent } 个保活探测包全部得到响应
}，{ keepalive-intervals }。
keepalive-stand-in = 在 { COUNT($of) } 个保活应答中，有 { COUNT($answers) } 个以 { $who } 的名义发出，却与它的其他报文不像：{ $by ->
    [timestamp] 它们缺少其他报文都带的时间戳选项
   *[hop_limit] 它们的 { diag-ttl } 为 { $limit }，其他报文为 { $usual }
}。它们可能是路径上的设备代答的，不能证明设备后面的主机和程序当时仍在运行。
keepalive-unanswered = { keepalive-counted } { $sent } 个保活探测包中有 { $unanswered } 个没有得到响应，{ keepalive-intervals }。
keepalive-cut-off = { $answered ->
    [0] { keepalive-counted }最后一个保活探测包是否得到响应，此次抓包看不出来；{ keepalive-intervals }。
   *[other] { keepalive-counted } { $answered } 个保活探测包得到了响应，最后一个是否得到响应，此次抓包看不出来；{ keepalive-intervals }。
}
keepalive-without-answer = { $who } 的 { $unanswered } 个保活探测包没有得到响应（直到第 { $frame } 号报文）。
keepalive-answered-again = { $who } 的 { $unanswered } 个保活探测包没有得到响应（直到第 { $frame } 号报文），后来的探测包又有了响应。
keepalive-answers-stopped = { $probes ->
    [1] { $who } 不再响应：此次抓包中 { $other } 的最后一个保活探测包没有得到响应。
   *[other] { $who } 不再响应：此次抓包中 { $other } 的最后 { $probes } 个保活探测包没有得到响应。
}
keepalive-setting-changed = { $again ->
    [yes] 从第 { $frame } 号报文起，{ $who } 的内核又改为每 { $after } 一个。
   *[no] { $who } 的内核先是每 { $before } 发一个保活探测包，从第 { $frame } 号报文起改为每 { $after } 一个。新的间隔彼此一致，可见是保活设置被改过，不是漏发。
}
keepalive-silence-to-the-end = 直到抓包结束，保活探测包都没有得到响应。

## 以 FIN 关闭连接

close-by = { $first ->
    [yes] { $who } 先关闭了连接（FIN，第 { $frame } 号报文）。
   *[no] { $who } 关闭了连接（FIN，第 { $frame } 号报文）。
}
close-after-data = { $first ->
    [yes] { $who } 先关闭了连接（FIN，第 { $frame } 号报文），此时距最后的数据 { $idle }。
   *[no] { $who } 关闭了连接（FIN，第 { $frame } 号报文），此时距最后的数据 { $idle }。
}
close-with-data = { $first ->
    [yes] { $who } 先关闭了连接（FIN，第 { $frame } 号报文），FIN 与最后的数据在同一个报文中。
   *[no] { $who } 关闭了连接（FIN，第 { $frame } 号报文），FIN 与最后的数据在同一个报文中。
}
close-one-of-many = { $who } 在 { $within } 之内关闭了 { $closes } 条连接，这一条也在其中（{ $close ->
    [fin] FIN
   *[rst] RST
}，第 { $frame } 号报文）。
close-of-any-age = 这些连接此前无数据的时长从 { $youngest } 到 { $oldest } 不等。相同的是时刻，而不是时长：要么进程退出了，要么代理切换了后端。
close-first-segment = 抓包中第一个关闭动作就是 { $who } 的 FIN。
close-crossed = { $who } 的 FIN 到达时，{ $other } 也已经关闭：它自己的 FIN（第 { $frame } 号报文，在本抓包中晚 { $apart }）没有确认对方的 FIN。两个 FIN 在途中交错，双方都不是因为对方关闭才关闭的。
close-unseen-fin = { $who } 的第 { $frame } 号报文多确认了 { $other } 的一个字节，而此次抓包没有它。FIN 恰好占一个字节，所以可能是 { $other } 先关闭的：无法判断是哪一端。
close-first-doubted = { $doubt ->
    [unseen_bytes] 此次抓包中的第一个 FIN 来自 { $who }。它是否最先发出，无法判断：对方最后的字节不在此次抓包中，对方的 FIN 可能就在其中。
    [unseen_peer] 此次抓包中的第一个 FIN 来自 { $who }。它是否最先发出，无法判断：对方在此之前发送的内容都不在此次抓包中。
   *[other] 此次抓包中的第一个 FIN 来自 { $who }。它是否最先发出，无法判断：{ $doubt }。
}
close-orderly = 这是正常关闭，没有任何中断。
close-ended-by-rst = 随后 { $who } 以 RST 结束了连接（第 { $frame } 号报文）。
close-answered = 随后 { $who } 也关闭了自己这一侧，没有任何中断。
close-not-answered-yet = 抓包结束时 { $who } 还没有关闭自己这一侧；抓包期间没有任何中断。
close-left-alone = 抓包在此后 { $kept } 结束，那时 { $who } 还没有关闭自己这一侧。此次抓包中未见错误。
close-by-local-end = 连接是本端自己结束的。
close-left-its-host = 抓包是在 { $who } 抓的，关闭报文就是从那里发出的。
close-left-host-of-both = 抓包是在两端所在的同一台主机上抓的，关闭报文就是从那里发出的。

## FIN 之后

fin-acknowledged = { $who } 内核在 { $delay } 后确认收到 FIN。
fin-not-acknowledged = 此次抓包中没有对 { $who } 的 FIN 的确认，所以没有什么能证明 FIN 到达了 { $other }。
fin-sent-again = { $who } 把 FIN 重传了 { sent-again }，{ $other } 始终没有确认。
fin-unnoticed = FIN 之后至少 { $least }，{ $who } 的应用程序没有关闭套接字。
fin-unnoticed-until-log = FIN 之后至少 { $least }，{ $who } 的应用程序没有关闭套接字：它的日志表明，那时它仍在使用套接字。
fin-write-after = { $who } 在 FIN 之后 { $after } 写了数据（第 { $frame } 号报文）。
fin-refusal-after = { $kind ->
    [probe] { $who } 用 RST（第 { $frame } 号报文）回应了 { $other } 的保活探测包（第 { $cause } 号报文）。
   *[write] { $who } 用 RST（第 { $frame } 号报文）回应了 { $other } 的数据（第 { $cause } 号报文）。
}
fin-refusal-in-the-name = { $kind ->
    [probe] 以 { $who } 名义发出的 RST（第 { $frame } 号报文）回应了 { $other } 的保活探测包（第 { $cause } 号报文）。
   *[write] 以 { $who } 名义发出的 RST（第 { $frame } 号报文）回应了 { $other } 的数据（第 { $cause } 号报文）。
}
fin-refusal-elsewhere = 第 { $frame } 号报文（RST）的 { diag-ttl } 为 { $ttl }，{ $who } 其他报文的却是 { $usual }，所以它可能是中间设备发的。
fin-socket-dead = 从此刻起，{ $who } 的连接失效：之后的写操作在本机内核就会失败，没有对应的报文。

## 回复

reset-perhaps-unread = 收到第 { $last } 号报文的数据之后，{ $who } 没有再发送任何数据：程序没有读完收到的数据就关闭，内核发出的就是这样的 RST。
reset-others-not-all = 到 { $service } 的另外 { $others } 条连接也在 { $within } 之内引来了 RST，而当时打开着的另外 { $alive } 条连接继续正常（第 { $frame } 号报文等）：可见主机没有重启，地址也没有移走。
silent-elsewhere-too = 另外 { $hosts } 台主机也在前后 { $within } 之内不再响应 { $who } 的主机：它们的共同之处是一段链路或所在的地点，而不是某个程序。
reset-answered-too-late = { $who } 把数据重传了 { sent-again }，一直没有得到响应。{ $other } 的响应在第一份之后 { $after } 才到（第 { $frame } 号报文），这时 { $who } 的套接字已经不在：要么内核在重传次数过多或 TCP_USER_TIMEOUT 到期时放弃了，要么程序已把它关闭。
reset-no-such-connection = 这个 RST 没有 ACK 标志：没有这条连接的主机就是这样拒绝的。{ $who } 最后一次在这条连接上发报文是在它之前 { $ago }（第 { $frame } 号报文）。如果是这样，这期间要么它的套接字已经关闭，而相应的 FIN 或 RST 不在抓包中；要么它的主机重启了；要么别的主机接管了它的地址；要么某台设备把报文送到了别处。
reset-of-the-handshake = 这个 RST 没有 ACK 标志：没有这条连接的主机就是这样拒绝的。在它之前 { $ago }，以 { $who } 的名义发来的 SYN-ACK 刚刚到达（第 { $frame } 号报文）。如果是这样，要么 { $who } 的全连接队列满了（net.ipv4.tcp_abort_on_overflow），要么路径上的设备替它应答了 SYN。
hole-heard-all-along = 此后 { $lasted } 内，{ $sender } 又发来 { $heard } 个报文，而且它的满长报文先前也通过了。
data-made-good = 连接停滞了 { $took }：{ $who } 把第 { $frame } 号报文的数据重传了 { sent-again }，{ $other } 才确认。
reset-elsewhere-too = 另外 { $hosts } 台主机也以同样的方式拒绝了 { $who } 主机的数据，前后不超过 { $within }。共同的原因很可能在 { $who } 这一侧：做地址转换的设备丢失了连接表，{ $who } 的地址在途中变了，或者它的主机曾经休眠。
reset-others-too = 到 { $service } 的另外 { $others } 条连接也在 { $within } 之内引来了 RST。很可能有共同的原因：主机重启了，它的地址移到了另一台主机，或者路径上的设备丢失了连接表。
lost-at-a-stroke = 与 { $peer } 的 { COUNT($count) } 个连接{ $services ->
    [1] { "" }
   *[other] （涉及它的 { COUNT($services) } 个服务）
}以同样的方式结束：直到第 { $last } 号报文，它在每个连接上都还有报文；从 { $between } 之后的第 { $first } 号报文起，每个连接上发出的内容都招来 RST。这两个报文之间的一次事件就能解释全部：主机重启、地址转移到了另一台主机，或路径上的设备丢失了连接表。{ $opened ->
    [0] { "" }
   *[other] 此后它接受了新连接（第 { $opened } 号报文）。
}
reset-behind-own-data = 第 { $last } 号报文的数据是 { $who } 自己发送的。{ $other } 的程序可能还没有读到这些数据，它们就被 RST 清掉了。程序没有读完收到的数据就关闭时，会发出这样的 RST。
waited-in-vain = 日志行表明 { $who } 已经等得太久。{ $other } 最后的数据在关闭之前 { $waited } 到来，是一个满长度的报文段（第 { $last } 号报文），而消息很少正好以满长度的报文段结束。{ $at_peer ->
    [yes] { $other } 此后没有再发送任何数据。
   *[no] 此后是 { $other } 没有发送数据，还是数据在路径上丢失了，从这个抓包看不出来。
}
reply-cut = { $who } 从第 { $frame } 号报文开始的响应在 { $closer } 关闭时还不完整：首部声明正文为 { $promised } 字节，只发出了 { $came } 字节。
reply-cut-chunked = { $who } 从第 { $frame } 号报文开始的响应在 { $closer } 关闭时还不完整：它以分块方式发送，缺少最后一个分块。
tls-parting = { $who } 在最后的数据之后 { $silence } 以 TLS 告别（第 { $frame } 号报文，{ $sure ->
    [yes] 关闭警报
   *[no] 从长度看是关闭警报
}），但没有发送 FIN。{ $other } 在 { $after } 之后仍发送了数据（第 { $write } 号报文）：{ $met ->
    [refused] 对方回以 RST。
    [taken] 数据得到确认，但没有响应。
   *[nothing] 没有任何应答。
}
record-cut = { $who } 从第 { $frame } 号报文开始的 TLS 记录在 { $closer } 关闭时还不完整：首部声明长度为 { $promised } 字节，抓包中只有 { $came } 字节。记录收齐之前，其中任何部分都无法使用。
reply-came-too-late = { $other } 的响应在请求发出 { $waited } 之后才到（第 { $frame } 号报文），比之前任何一次都晚，{ $who } 已不再接收。这期间 { $who } 是否一直在等，从这个抓包看不出来。
reply-outstanding = { $who } 最后的数据在关闭之前 { $waited } 发出，{ $other } 还没有回复。
reply-may-be-owed = 有可能：最后的数据是 { $who } 自己在关闭之前 { $waited } 发出的。
reply-not-owed = 最后的数据由 { $who } 在关闭之前 { $waited } 发出，所以那时没有回复是欠着的。
reply-no-data = 此次抓包中没有这条连接的数据，看不出来。

## 以 RST 结束连接

reset-by = { $fins ->
    [none] { $who } 重置了连接（RST，第 { $frame } 号报文），之前没有 FIN。
    [half] { $who } 重置了连接（RST，第 { $frame } 号报文）。此前另一方只关闭了自己的发送方向（FIN），仍在接收数据。
    [void] { $who } 重置了连接（RST，第 { $frame } 号报文）。之前有一个带 FIN 但不带 ACK 的报文，任何一方都不把它当作 FIN。
   *[unseen] { $who } 重置了连接（RST，第 { $frame } 号报文）。之前有没有 FIN 无法判断：抓包可能没有抓到。
}
reset-in-the-name = { $fins ->
    [none] 一个以 { $who } 名义发出的 RST（第 { $frame } 号报文）结束了连接，之前没有 FIN。
    [half] 一个以 { $who } 名义发出的 RST（第 { $frame } 号报文）结束了连接。此前另一方只关闭了自己的发送方向（FIN），仍在接收数据。
    [void] 一个以 { $who } 名义发出的 RST（第 { $frame } 号报文）结束了连接。之前有一个带 FIN 但不带 ACK 的报文，任何一方都不把它当作 FIN。
   *[unseen] 一个以 { $who } 名义发出的 RST（第 { $frame } 号报文）结束了连接。之前有没有 FIN 无法判断：抓包可能没有抓到。
}
reset-answers = { $what ->
    [data] RST 回应的是数据（第 { $cause } 号报文）。
    [probe] RST 回应的是保活探测包（第 { $cause } 号报文）。
    [fin] RST 回应的是 FIN（第 { $cause } 号报文）。
    [own_data] RST 不是回应任何报文：发送方放弃了自己的数据（第 { $cause } 号报文），这些数据重传过，始终没有得到确认。
   *[ack] RST 回应的是 ACK（第 { $cause } 号报文）。
}
reset-answers-nothing-after = RST 不是回应任何报文：它距上一个报文 { $idle }。
reset-first-segment = { $fins ->
    [none] 第一个结束连接的报文就是 RST，之前没有 FIN。
    [half] 第一个结束两个方向的报文是 RST；之前的 FIN 只关闭了其中一个方向。
    [void] 第一个结束连接的报文就是 RST。之前有一个带 FIN 但不带 ACK 的报文，任何一方都不把它当作 FIN。
   *[unseen] 第一个结束连接的报文就是 RST；之前有没有 FIN，此次抓包看不出来。
}
reset-bare = RST 没有 TCP 选项，窗口为 0。主机没有（或者不再有）这条连接时会发这样的 RST，中间设备也会：单凭 RST 看不出是谁发的。
reset-by-kernel = { $who } 的内核放弃并重置了连接（RST，第 { $frame } 号报文）。
reset-by-prober = { $who } 自己结束了连接（RST，第 { $frame } 号报文）。
reset-after-silence = { $probes } 个探测包没有得到响应，然后探测方自己发出了 RST。
silent-side-came-back = 此后 { $after }，{ $who } 又继续使用这条连接（第 { $frame } 号报文）：它的主机仍保有这条连接，所以没有重启过；在那之前要么链路不通，要么主机停顿或休眠了。
untranslated = 第 { $frame } 号报文的序号属于这条连接，像是 { $other } 发的，源地址却是 { $source }：链路上的地址转换设备（NAT）{ $port ->
    [yes] 给了它另一个端口
   *[no] 没有转换它
}，{ $who } 拒绝了它（RST，第 { $refusal } 号报文）。
refused-and-accepted = 以 { $who } 名义发出的 RST（第 { $frame } 号报文）拒绝了这条连接，而 { $who } 接受了它（第 { $accepted } 号报文）。
reset-that-ended-nothing = 以 { $who } 名义发出的一个 RST（第 { $frame } 号报文）没有结束连接。

## 直到抓包结束仍打开

open-to-the-end = 此次抓包中没有关闭连接的报文。
open-unbroken = { $answered ->
    [yes] 抓包期间该连接未见异常：没有 FIN、没有 RST，所有报文都得到了响应。
   *[no] 抓包期间该连接未见异常：没有 FIN、没有 RST。
}
open-end-not-shown = 此次抓包看不出连接如何结束：其中这条连接的最后一个报文是第 { $last } 号，没有 FIN 或 RST 结束它。
host-frozen = { $who } 的主机有一段时间没有运行。
host-frozen-elsewhere = 该主机的其他连接上也是如此。

## 没有响应

opening-refused = { $who } 的 SYN 被 RST 拒绝（第 { $frame } 号报文）。
opening-met-rst = { $who } 的 SYN 之后来了一个 RST（第 { $frame } 号报文），连接没有建立。
opening-rst-not-of-syn = 这个 RST 并没有拒绝 SYN：{ $acks ->
    [yes] 它确认的是另一个序列号
   *[no] 它没有确认任何内容
}，而无人监听的主机会确认该 SYN（RFC 9293 第 3.10.7.1 节）。{ $again ->
    [yes] { $who } 的内核也没有接受它：它重发了 SYN。
   *[no] { $who } 的内核不会把它当作应答。
}它可能来自路径上的设备，或来自某台主机上残留的旧连接。
opening-nobody-listens = 当时 { $server } 上无人监听，或者它的主机、中间设备拒绝了连接。
opening-unanswered-before = 在此之前，{ $lasted } 内有 { $syns } 个 SYN 没有得到响应。
opening-other-accepted = { $server } 在{ $later ->
    [yes] 其后
   *[no] 此前
} { $apart } 接受了另一条连接（第 { $frame } 号报文）。
opening-untranslated = 有一个 SYN-ACK，其确认号正是 { $who } 的 SYN 所要的，却来自另一个地址 { $source }（第 { $frame } 号报文）；{ $who } 拒绝了它（RST，第 { $refusal } 号报文）。
opening-reset = 对 SYN 的回应是 RST。
opening-late = { $who } 有 { $syns } 个 SYN 没有得到响应；从第一个 SYN 算起，{ $took } 之后连接才建立。
opening-unanswered = { $who } 请求建立连接（SYN）{ $tries } 次，此次抓包中没有响应。
opening-of-another = { $who } 请求建立连接（SYN）{ $tries } 次。{ $other } 没有响应 SYN-ACK，而是响应了 { $acks } 个 ACK，其序号属于另一条连接：它或中间设备仍保留着地址和端口相同的旧连接。
opening-rst-not-heeded = { $who } 用 RST 拒绝了它；RST 送达后，旧连接就会结束。{ $other } 却像没有收到过 RST 一样。
opening-port-used-again = { $who } 在 { $ago } 之前关闭的那条连接，用的正是相同的端口。
opening-no-rst = { $who } 没有用 RST 拒绝它；RST 本可结束这样的旧连接。可能这些 ACK 没有到达它的 TCP 层（例如被其主机上的过滤规则丢弃），也可能它的 TCP 实现不发送这样的 RST。
opening-refused-too-soon = SYN 发出 { $took } 之后 RST 就到了。{ $answers ->
    [1] 该主机对另一个 SYN 的响应用了 { $least }
   *[other] 该主机对其他 SYN 的 { $answers } 次响应中，最快的一次也用了 { $least }
}：{ $sure ->
    [yes] 拒绝连接的很可能
   *[no] 拒绝连接的可能
}是比该主机更近的设备。
opening-no-answer = 此次抓包中没有对 SYN 的响应。
data-never-acknowledged = { $who } 在 { $lasted } 内把第 { $frame } 号报文的数据重传了 { sent-again }，{ $other } 没有确认。
data-given-up-by-fin = 随后 { $who } 放弃了连接（FIN，第 { $frame } 号报文）。
data-given-up-by-reset = 随后 { $who } 放弃了连接（RST，第 { $frame } 号报文）。
data-sent-again = 同一个报文段一再重传，始终没有得到确认。
silence-looks-the-same = 在此次抓包中，主机宕机与链路不通看上去没有区别。
silence-without-path = 抓包是在两端所在的同一台主机上抓的，所以几乎谈不上链路。

## 中间设备

device-may-have-sent-it = 所以这个报文可能是中间设备发的。
device-or-filter = 这个报文不是 { $who } 的套接字发的。它的 TTL（跳数限制）与那台主机的相同，所以可能是中间设备发的，也可能是 { $who } 主机的包过滤规则发的。
reset-by-own-filter = RST 是从 { $who } 的主机发出的（抓包就在那里），而 { $who } 的套接字之后仍在发送。RST 是该主机的包过滤规则（REJECT）或那里的另一个程序发的。
device-not-excluded = 此次抓包中没有什么能排除这一点。在另一端抓包即可判定。
device-not-excluded-by-that = 仅凭这一点，排除不了任何设备。
device-partly-own = 报文中有一处支持这一点。
device-nothing-own = 报文中没有别的内容支持这一点。
device-capture-at-sender-tells = 在报文所称的发送方主机上抓包，即可判定。

## 质疑

objection-keepalive-missing = 是因为少了保活探测包（心跳包），{ $who } 才关闭的。
objection-device-sent-fin = FIN 是中间设备发的，而不是报文所称的那一端。
objection-device-sent-rst = RST 是中间设备发的，而不是报文所称的那一端。
objection-own-host-sent-it = 报文就是所称的那台主机自己发的，只是走了另一条路由。
objection-only-this-one = 是空闲超时或运维人员关闭了这一条连接。
objection-other-host-down = 是另一端的主机宕机了，链路没有问题。
objection-capture-stood-still = 停住的是抓包，而不是主机。
objection-no-reply = { $who } 关闭只是因为 { $other } 没有回复。

## 可信度降低

verdict-less-sure = 单看报文，结论本可以更确定，可信度因此降低：{ $why }
log-match-weak = { $by ->
    [local_time] 错误日志只靠本端地址和时间匹配，说的可能是另一条连接。
    [local_outcome] 错误日志只靠本端地址和结果匹配，说的可能是另一条连接。
    [remote_time] 错误日志只靠对端地址和时间匹配，说的可能是另一条连接。
    [remote_outcome] 错误日志只靠对端地址和结果匹配，说的可能是另一条连接。
    [port_time] 错误日志只靠一个端口和时间匹配，说的可能是另一条连接。
    [port_outcome] 错误日志只靠一个端口和结果匹配，说的可能是另一条连接。
    [time_outcome] 错误日志只靠时间和结果匹配，说的可能是另一条连接。
    [outcome] 错误日志只靠结果匹配，说的可能是另一条连接。
   *[ambiguous] 有几条连接与错误日志同样吻合，说的可能是另一条连接。
}

## 日志与抓包对不上

log-wants-fin = 日志称“{ $error }”。这种错误之前必须有 FIN，而此次抓包中没有这条连接的 FIN：可能漏抓了。
log-wants-fin-of-peer = 日志称“{ $error }”，而第一个 FIN 是本端自己的：应用程序在自己已经关闭的套接字上写了数据。
log-wants-rst-after-fin = 日志称“{ $error }”。这种错误需要 FIN 之后有 RST，而此次抓包中没有：抓包可能结束得太早。
log-wants-no-fin = 日志称“{ $error }”。这种错误表示只有 RST、没有 FIN，而此次抓包中先有 FIN：这行日志说的是另一条连接，或者错误记录得晚。
log-wants-rst = 日志称“{ $error }”。这种错误需要有 RST，而此次抓包中这条连接没有：可能漏抓了。
log-wants-rst-of-peer = 日志称“{ $error }”，而 RST 是本端自己的：这行日志说的是另一条连接，或者本端认错了。
log-wants-silence = 日志称“{ $error }”。这种错误表示没有得到任何响应，而此次抓包中有关闭动作：这行日志说的是另一条连接，或者另一个时间。
log-after-capture = 这行日志是在抓包结束之后 { $after } 写下的。请检查时区（--log-tz），以及是否有后来的连接用了同样的两端。
log-before-close = 这行日志是在第一个关闭迹象之前 { $before } 写下的。请检查时区（--log-tz）和时钟。

close-after-data-two-clocks = { $first ->
    [yes] { $who } 先关闭了连接（FIN，第 { $frame } 号报文），按它自己的时间戳，此时距最后的数据 { $idle }；按此次抓包的时钟为 { $capture }。
   *[no] { $who } 关闭了连接（FIN，第 { $frame } 号报文），按它自己的时间戳，此时距最后的数据 { $idle }；按此次抓包的时钟为 { $capture }。
}
close-after-handshake = { $first ->
    [yes] { $who } 先关闭了连接（FIN，第 { $frame } 号报文），此时距握手 { $idle }，此前它未收发任何数据。
   *[no] { $who } 关闭了连接（FIN，第 { $frame } 号报文），此时距握手 { $idle }，此前它未收发任何数据。
}{ $sent ->
    [0] { "" }
   *[other] 随 FIN 发出了 { $sent } 字节的告别数据。
}
close-after-capture-start = { $first ->
    [yes] { $who } 先关闭了连接（FIN，第 { $frame } 号报文）。
   *[no] { $who } 关闭了连接（FIN，第 { $frame } 号报文）。
}随 FIN 发出了 { $sent } 字节；抓包从此前 { $since } 开始，到此时为止没有这条连接的其他数据。
close-after-farewell = { $first ->
    [yes] { $who } 先关闭了连接（FIN，第 { $frame } 号报文），此时距最后一次交互 { $idle }；随 FIN 发出了 { $sent } 字节的告别数据。
   *[no] { $who } 关闭了连接（FIN，第 { $frame } 号报文），此时距最后一次交互 { $idle }；随 FIN 发出了 { $sent } 字节的告别数据。
}
reset-answers-too-soon = { $what ->
    [data] RST 在数据（第 { $cause } 号报文）之后 { $delay } 就到了，比它所称的主机能作出的响应还快：到那台主机往返至少需要 { $least }。
    [probe] RST 在保活探测包（第 { $cause } 号报文）之后 { $delay } 就到了，比它所称的主机能作出的响应还快：到那台主机往返至少需要 { $least }。
    [fin] RST 在 FIN（第 { $cause } 号报文）之后 { $delay } 就到了，比它所称的主机能作出的响应还快：到那台主机往返至少需要 { $least }。
   *[ack] RST 在 ACK（第 { $cause } 号报文）之后 { $delay } 就到了，比它所称的主机能作出的响应还快：到那台主机往返至少需要 { $least }。
}
reset-cause-not-captured = RST 是否在回应某个报文，看不出来：另一个方向没有抓到。它距同一方向的上一个报文 { $idle }。
reset-answers-nothing = RST 不是回应任何报文：它距最后的数据（第 { $last } 号报文）{ $age }，距上一个报文 { $idle }。
reset-after-copies = { $who } 此前已在 { $lasted } 内把这些数据重传了 { sent-again }，只有最后一次得到响应，就是这个 RST。{ $other } 的主机若在那之前宕机或不通，恢复后又不再认识这条连接，就会这样响应。
reset-may-follow-a-fin = { $who } 可能在抓包开始之前就已关闭：已关闭的套接字会用同样的 RST 拒绝到来的报文。
health-both-directions = 抓包中有两个方向的报文。
health-one-direction = 抓包中没有 { $silent } 的报文。
health-acknowledged = 抓包中的数据都得到了确认，抓包结束时仍在途中的除外。
health-not-acknowledged = { $what ->
    [opening] { $who } 的 SYN（第 { $frame } 号报文）
   *[data] { $who } 在第 { $frame } 号报文中的数据
}，直到抓包结束的 { $waited } 内都没有得到确认。
health-no-capture-hole = 抓包中没有影响判断的空白时段。
health-no-hole = 先后到来的数据之间没有缺口。
health-hole = 缺少 { $who } 的 { $octets } 字节：后面的数据到了，它们始终没有到。
health-wrote-after-own-fin = { $who } 在自己的 FIN 之后又在第 { $frame } 号报文里发送了数据，正常的 TCP 不会这样做：这两个报文之一并非表面所见。
health-no-reset = 没有 RST。
health-reset-took-nothing = RST（第 { $frame } 号报文）没有使数据丢失：此前的数据都已得到确认。
health-reset-took-data = { $who } 的 RST（第 { $frame } 号报文）出现时，第 { $lost } 号报文的数据还没有得到确认：这些数据丢了。
health-replied = 没有哪个请求没有得到回复。
health-flows = 没有哪一端在持续发送数据之后突然静默。
health-was-used = 服务端没有在双方都还没有发送数据时就关闭连接。
health-closed-unused = { $who } 在双方都还没有发送任何数据时就关闭了连接（第 { $frame } 号报文）：可能是拒绝了对方，也可能是没有等到对方的数据。
health-reply-not-owed = 最后的数据（第 { $frame } 号报文）没有回复，但那时还不到该有回复的时候，或者这条连接上本来就没有回复。
health-no-reply = { $who } 在第 { $frame } 号报文中的数据，{ $waited } 内没有得到 { $other } 的回复；{ $turns ->
    [0] 这条连接此前没有过回复
   *[other] 这条连接上最慢的回复用了 { $habit }
}。
health-heard = 没有哪一端是在多次发送数据却得不到任何回应之后关闭的。
health-window-open = 没有接收窗口一直关闭。
health-window-closed = { $who } 的接收窗口从第 { $frame } 号报文起关闭了 { $lasted }（零窗口），没有再打开。
window-reopened = { $who } 的接收窗口关闭了 { $lasted }（零窗口，第 { $first } 号至第 { $last } 号报文），之后又打开：这段时间里它的应用程序没有读数据。
health-probes = 没有漏发探测周期，也没有连续的保活探测包得不到响应。
health-open = 抓包结束时连接仍然打开。
health-closed-in-order = 连接以 FIN 正常关闭。
health-ended-by-reset = 结束连接的是 RST（第 { $frame } 号报文），而不是双方的 FIN。
health-fin-not-acknowledged = { $who } 的 FIN（第 { $frame } 号报文）始终没有得到确认。

## 接收方没有理会的 RST

reset-not-taken = { $who } 没有理会这个 RST（第 { $reset } 号报文）：{ $after } 之后它仍然发出了数据或 FIN（第 { $first } 号报文{ $count ->
    [1] {""}
   *[other] ，共 { $count } 个报文段
}）。RST 没有到达它的内核，或者它的内核没有接受。

## 关闭之前某一端说了什么

goaway = { $who } 在此之前说明要结束连接（HTTP/2 GOAWAY，{ $error }，第 { $frame } 号报文）。
goaway-said = 给出的原因：“{ $said }”。
last-words = { $who } 在关闭之前说明了原因（第 { $frame } 号报文）：“{ $said }”{ $form ->
    [http] （HTTP）
    [postgresql] （PostgreSQL，SQLSTATE { $code }）
    [mysql] （MySQL，错误 { $code }）
    [amqp] （AMQP connection.close，{ $code }）
    [mqtt] （MQTT DISCONNECT，{ $code }）
    [bgp] （BGP NOTIFICATION，{ $code }）
   *[line] {""}
}。
last-words-leave = { $who } 事先宣布了这次关闭（第 { $frame } 号报文）：“{ $said }”。
last-words-mean = { $why ->
    [idle] { $who } 的空闲时限已到。
    [unheard] { $who } 在其允许的时间内一直没有收到对端的存活信号。
    [full] { $who } 不再接受更多连接。
   *[shutdown] 这一端是有意关闭连接的：停止服务、重启，或者管理员结束了会话。
}
peer-idle-close-said-otherwise = { $peer } 给出的是另一个原因（第 { $frame } 号报文）：“{ $said }”。
peer-idle-close-said = { $peer } 自己说明时限已到（第 { $frame } 号报文）：“{ $said }”。
peer-restart-said = { $peer } 说明自己正被结束（第 { $frame } 号报文）：“{ $said }”。
goaway-too-many-pings = 给出的原因：“{ $said }”。{ $who } 认为{ $other }发来的 HTTP/2 PING 过于频繁。这里说的是 HTTP/2 的 PING，不是 TCP 的 keep-alive 探测包。
health-check = { $who } 建立连接后什么都没有发送，随即将其重置（RST，第 { $frame } 号报文）：负载均衡和监控就是这样检查有没有程序在监听的，属于正常现象。
health-check-once = { $who } 建立连接后什么都没有发送，随即将其重置（RST，第 { $frame } 号报文）：负载均衡或监控会这样检查有没有程序在监听，端口扫描也会。没有丢失任何数据。
health-check-asked = { $who } 建立连接后向{ $other }发了一个很短的请求，完整收到应答后立即将连接重置（RST，第 { $frame } 号报文）。没有丢失任何数据。
health-check-evenly = { $who } 反复这样做：抓包中有 { $count } 条这样的连接，请求长度都相同，每 { $every } 一条。负载均衡和监控就是这样检查服务有没有应答的。
health-check-again = 抓包中有 { $count } 次对该服务的这种检查，平均每 { $every } 一次。
opening-not-completed = { $who } 对 { $other } 的 SYN 响应了 { $tries } 次（SYN, ACK），{ $other } 始终没有确认：连接没有建立完成。
