# 一次事件：几条连接因同一原因结束。

event-connection = { $near } → { $far }
event-connection-told = { $near } → { $far }（{ $stream }）：{ $told }
event-connections = { $near } 到 { $far } 的 { $count } 条连接
event-connections-of-hosts = { $hosts } 台主机到 { $far } 的 { $count } 条连接
event-connections-of-host = { $near } 的 { $count } 条连接
event-and-why = { $first }{ $why }
event-at-a-stroke = { $happened }；第 { $last } 号与第 { $first } 号报文之间的一次事件就能解释全部：主机重启、地址转移，或设备丢失了连接表
event-and-words = { $first }在此之前，{ $who } 说过（第 { $frame } 号报文）：“{ $said }”。
event-told = { $ends }：{ $happened }
event-happened = { $common ->
    [silence] 该主机有 { $silence } 没有发出任何报文
   *[other] { event-kind }
}{ $common ->
    [moment] ，前后相差不超过 { $within }
    [age] ，都在 { $age } 没有数据之后，从 { TIME($first, digits: 0) } 到 { TIME($last, show: "clock", digits: 0) }
    [kind] ，从 { TIME($first, digits: 0) } 到 { TIME($last, show: "clock", digits: 0) }
   *[other] { "" }
}
event-kind = { $kind ->
    [peer_closed_idle] 静默一段时间之后被对端关闭
    [peer_closed] 被对端关闭
    [peer_reset] 被对端重置
    [middlebox_closed] 可能是被中间设备关闭的
    [peer_restarted] 被对端在同一时刻全部关闭（进程退出时的典型表现）
    [path_lost] 不再得到响应
    [keepalive_gave_up] 保活得不到响应，内核放弃连接
    [host_frozen] 本机有一段时间没有运行
    [local_closed] 被本端关闭
    [peer_stalled] 对方的程序没有读取数据，或没有回复
    [local_stalled] 本侧的程序没有读取数据
    [never_opened] 没有建立起来
    [health_check] 建立后立即重置，健康检查或端口扫描就是这样
    [healthy] 没有任何中断
   *[other] 无法判断为什么结束
}
event-closed = { TIME($time, show: "clock", digits: 6) }
event-not-closed = 此次抓包中没有
event-no-age = –
event-streams = TCP 流：{ $streams }。
event-more = 另有 { $count } 条连接属于这次事件，JSON 中列有。
