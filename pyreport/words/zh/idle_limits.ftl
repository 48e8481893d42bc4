# 已知的空闲超时为什么与空闲连接的结束相符或不符。

idle-limit-after-fin = 这个超时只在 FIN 之后才计时，而连接直到结束都是打开的。
idle-limit-other-service = 这个超时属于 { $limited }，而这里的端口是 { $service } 的。
idle-limit-of-server = 这个超时是服务端的，而关闭连接的是客户端。
idle-limit-of-client = 这个超时是客户端的，而关闭连接的是服务端。
idle-limit-ends-otherwise = 这个超时{ $ends ->
    [fin] 以 FIN 关闭连接
    [rst] 以 RST 关闭连接
    [silent] 丢弃连接时自己不发报文
   *[rst_next] 以 RST 回应下一个报文
}，而这条连接{ $ended ->
    [fin] 以 FIN 结束
    [rst] 以一个不是回应任何报文的 RST 结束
    [silent] 无声无息地结束
   *[rst_next] 以一个回应报文的 RST 结束
}。
idle-limit-refreshed = 保活探测包会刷新这个超时，而{ $answers ->
    [1] 结束之前 { $before } 就有一个探测包得到了响应。
   *[other] { $answers } 个响应中的最后一个，在结束之前 { $before } 才到。
}
idle-limit-off = 这个超时默认关闭。
idle-limit-not-reached = 这个超时的默认值是 { $limit }，而连接没有 { $measured ->
    [data] 数据
   *[packets] 报文
} 的时间只有 { $age }。
idle-limit-long-passed = 这个超时的默认值是 { $limit }，而连接没有 { $measured ->
    [data] 数据
   *[packets] 报文
} 的时间已达 { $age }。
idle-limit-outlived = 这个超时的默认值是 { $limit }，而连接此前经受过更长的静默。
idle-limit-settable = { $misfit }可以设为 { $age }。
idle-limit-settable-or-less = { $misfit }可以设为 { $age } 或更短。

idle-limit-unacknowledged = 这个超时在数据等待确认期间计时，而没有数据在等待确认。
idle-limit-of-device = 这个超时属于中间设备，而 RST 来自那一端自己的套接字。
idle-limit-equals = 连接已有 { $age } 没有 { $measured ->
    [data] 数据
   *[packets] 报文
}，这个超时的默认值是 { $limit }。
idle-limit-passed = 下一个报文到来时，连接已有 { $age } 没有 { $measured ->
    [data] 数据
   *[packets] 报文
}，超过了这个超时的默认值 { $limit }。
