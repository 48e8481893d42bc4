# 关于本端程序所知道的。

kafka-request-named = { $api } 版本 { $version }，correlation id { $id }
kafka-last-request = 最后一个 Kafka 请求是 { $request }。
kafka-last-request-before-close = 最后一个 Kafka 请求是 { $request }，在关闭之前 { $before } 发出。
kafka-client-id = 其 client id 为“{ $id }”。
kafka-client-software = 客户端自称“{ $name }”。
kafka-wants-no-response = 该请求不要求响应（acks=0）。
kafka-no-response = 此次抓包中没有对它的响应。
kafka-response = 响应在请求之后 { $after } 到来。
kafka-response-after-close = 响应在请求之后 { $after } 才到来，此时连接已经关闭。
kafka-outstanding-untold = { $at ->
    [close] 关闭时 { $server } 是否还欠着响应，无法判断。
   *[capture_end] 抓包结束时 { $server } 是否还欠着响应，无法判断。
}它发送的内容没有全部解析为 Kafka 消息，例如抓包从一条消息的中间开始时就会这样。
kafka-none-outstanding = { $at ->
    [close] 关闭时没有未完成的请求：{ $server } 不欠任何响应。
   *[capture_end] 抓包结束时没有未完成的请求：{ $server } 不欠任何响应。
}
kafka-outstanding = { $at ->
    [close] 关闭时有 { $count } 个请求尚未得到响应。
   *[capture_end] 抓包结束时有 { $count } 个请求尚未得到响应。
}
kafka-oldest-outstanding = { $count ->
    [1] 即 { $request }。
   *[other] 其中最早的是 { $request }。
}
kafka-response-may-be-missing = 不过此次抓包缺少部分报文或报文的一部分，响应可能就在其中。

spoke-last = 最后的数据由 { $who } 发送（{ $sent } 字节）。
spoke-last-before-close = 最后的数据由 { $who } 发送（{ $sent } 字节），在关闭之前 { $before }。
spoke-before = 在此之前，{ $who } 发送了 { $sent } 字节。
spoke-alone = 此次抓包中没有 { $other } 的数据。

reset-drawn-by-probe = RST 是 { $who } 内核的保活探测包引来的。不需要应用程序写数据，就能发现连接已经不在了。
reset-drawn-by-write = RST 是 { $who } 写的数据（{ $sent } 字节）引来的。对程序来说，那次写操作是成功的；错误要到下一次使用套接字时才会出现。

no-packet-for-the-write = 失败的这次写操作没有对应的报文，也不会有：RST 已使套接字失效，写操作在本机内核就失败了。

error-proves-fin-then-rst = 在 Linux 上，一条连接的第一个错误是“{ $error }”，说明先有 FIN，后有 RST。此次抓包中两者都有。
error-proves-rst-alone = “{ $error }”说明来的是 RST，之前没有 FIN。此次抓包正是如此。
error-proves-giving-up = “{ $error }”说明没有得到任何响应。是 { $who } 内核放弃了连接。
error-of-silent-giving-up = “{ $error }”说明没有得到任何响应。内核重传次数用尽时不发任何报文（tcp_write_err），所以抓包中没有关闭动作并不矛盾。
error-proves-fin-was-read = “{ $error }”说明应用程序读到了 FIN：对端是正常关闭的。
error-is-own-limit = “{ $error }”是程序自己设的时限，说明不了连接当时的状态。
error-fin-or-rst = { $how ->
    [fin] “{ $error }”可能是 FIN，也可能是 RST。此次抓包中是 FIN。
   *[reset] “{ $error }”可能是 FIN，也可能是 RST。此次抓包中是 RST。
}
error-closed-here = “{ $error }”说明连接是写这行日志的程序自己关闭的。
error-tells-reason = { $reason ->
   *[too_many_pings] 日志行还给出了原因：{ $who }认为对端发来的 HTTP/2 PING 过于频繁（GOAWAY，ENHANCE_YOUR_CALM，“too_many_pings”），于是结束了连接。这里说的是 HTTP/2 的 PING，不是 TCP 的 keep-alive 探测包。
}
error-logged-late = { $sign ->
    [fin] 应用程序在 FIN 之后 { $after } 才写下这行日志。
   *[reset] 应用程序在 RST 之后 { $after } 才写下这行日志。
}发生了什么，内核会一直记着，直到应用程序使用套接字；到那时才有日志可写。
