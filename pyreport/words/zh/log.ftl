# 只读日志、不读抓包时，一行错误日志说明什么。

log-error-heading = 第 { NUMBER($line, useGrouping: 0) } 行：{ $writer }
log-error-heading-unknown = 第 { NUMBER($line, useGrouping: 0) } 行：看不出是什么程序写的
log-nothing = { $where } 中没有提到中断的连接。
log-nothing-in-line = 这行日志
log-more = 另有 { $more } 条错误：用 --json FILE 全部列出。
log-in-capture = 要在抓包中查找这条连接：pyreport report CAPTURE { $option }
log-row-time = 时间
log-row-ends = 两端
log-row-doing = 当时操作
log-row-error = 错误
log-row-proves = 能证明
log-row-missing = 缺少
log-time-not-given = 没有可识别的时间
log-time-in-zone = { $time } { $zone }
log-time-as-written = { $time }，按日志时钟
log-ends-of-other = 这行日志说的是代理到其后端服务的连接；代理当时服务的客户端是 { $end }。
log-written-by-server = 写日志的是接受连接的一端。
log-written-by-client = 写日志的是发起连接的一端。
log-doing = { $operation ->
    [read] 程序在读
    [write] 程序在写
    [connect] 程序在建立连接
    [dial] 程序在建立连接
    [request] 程序在等待答复
   *[other] { $operation }
}
log-error-said = “{ $said }”：{ $error }
log-proves-epipe = 在 Linux 上，对端关闭（FIN）之后又发来 RST，此时程序再写数据就会报这个错误。先有 FIN：请在这行日志之前的时间里查找它。
log-proves-econnreset = 对端或中间设备发来了 RST。在 Linux 上，此前没有对端的 FIN。
log-proves-econnaborted = 本机系统放弃了连接：在 Windows 上，重传一直得不到响应，或者被本机程序结束。
log-proves-econnrefused = 连接从未建立：第一个报文（SYN）得到的是 RST，或者被防火墙拒绝。
log-proves-etimedout = 没有得到任何响应：本机系统反复重传，或者对空闲连接反复探测，最后放弃。没有收到 FIN，也没有收到 RST。
log-proves-ehostunreach = 没有得到响应，路由器或本机系统报告主机不可达。
log-proves-enetunreach = 本机系统没有通往对端网络的路由。
log-proves-deadline = 程序自己的时限到了。这并不能证明网络有问题：可能是对端慢，也可能是答复丢了。
log-proves-eof = 对端正常关闭了连接（FIN）：程序读到它才会得知。
log-proves-disconnected = 连接在对端或途中结束。是 FIN 还是 RST，这行日志没有说明。
log-proves-closed_here = 连接是写这行日志的程序自己关闭的：它的 FIN 或 RST 在先。
log-proves-other = 看不出连接是怎样结束的。
log-proves-connect-unanswered = 连接从未建立：第一个报文（SYN）没有及时得到响应。
log-misses-time = 时间：在抓包中只能按两端和结果查找。
log-misses-date = 日期：取自抓包。
log-misses-year = 年份：取自抓包。
log-misses-zone = 时区：用 --log-tz 指定，否则从抓包推断。
log-misses-ends = 两端：在抓包中按时间和结果查找。
log-misses-one-end = 一端，或一端的一部分：抓包中可能有几条连接都吻合。
