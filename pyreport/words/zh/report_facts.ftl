# 关键事实、两端的保活情况、已知的空闲超时。

role-client = 客户端
role-server = 服务端
role-a = A 端
role-b = B 端
role-and-end = { $role } { $end }

not-in-this-capture = 此次抓包中没有
not-learned = 未测得
time-and-date = { TIME($time, show: "local") }
time-of-day = { TIME($time, show: "clock") }
time-of-day-in-log = { TIME($time, show: "clock", digits: 3) }
time-in-utc = { TIME($time, show: "in-utc-too") }

fact-local-end = 本端
fact-local-end-because = 本端：{ $why }
fact-peer = 对端
fact-closed-by = 谁关闭的
fact-closers-both = 双方，各以一个 FIN
fact-fins-crossed = 两个 FIN 在途中交错
fact-closed-first-by = 谁先关闭
end-with-service = { $end }（{ $service }）
fact-closer = { $how ->
    [fin] { $who }，FIN
   *[reset] { $who }，RST
}
fact-closer-by-name = { $how ->
    [fin] 以 { $who } 名义发出的 FIN
   *[reset] 以 { $who } 名义发出的 RST
}
fact-closer-in-doubt = { $end }。无法判断这个 FIN 是不是第一个：{ $doubt ->
    [unseen_bytes] 对端最后的字节不在此次抓包中，它的 FIN 可能就在其中。
   *[unseen_peer] 对端在此之前发送的内容都不在此次抓包中。
}
fact-reset-ended-nothing = 此次抓包中有 RST，但它没有结束任何打开着的连接。
fact-no-fin-and-no-rst = 此次抓包中，这条连接既没有 FIN，也没有 RST。
fact-closed-at = 关闭时刻
fact-data-idle = 关闭时已无数据
fact-data-idle-refused = 引来 RST 的数据之前已无数据
fact-no-payload = 此次抓包中，关闭之前没有数据。
fact-since-the-handshake = 从握手算起：此前关闭方未收发任何数据
fact-since-the-last-data = 从最后一个数据字节算起
fact-up-to-what-drew-the-reset = 从此前最后一个数据字节算起，到引来 RST 的数据为止
fact-unacknowledged = 数据未得到确认的时长
fact-since-first-sent = 从首次发送这些数据算起
fact-packet-idle = 关闭前没有任何报文的时间
fact-since-the-last-segment = 从最后一个报文（不论种类）算起
fact-kept = FIN 之后 { $who } 未关闭套接字
fact-kept-until = { $until ->
    [own_fin] CLOSE_WAIT，直到自己发出 FIN
    [reset] CLOSE_WAIT，直到收到 RST
   *[capture_end] CLOSE_WAIT，直到抓包结束
}
fact-dead-at = 连接失效时刻
fact-dead-by = { $kind ->
    [probe] 因保活探测包引来的 RST
   *[write] 因写数据引来的 RST
}
fact-periodic = 反复出现
fact-exactly = { $note }，即 { SECONDS($age) } 秒
fact-periodic-closes = 这两端之间有 { $count } 条连接在 { $age } 没有数据之后结束
fact-periodic-between = { TIME($first, show: "clock", digits: 0) } 与 { TIME($last, show: "clock", digits: 0) } 之间
fact-probes = { $who } 的保活探测包
fact-probes-before-the-close = 关闭前 { $who } 的保活探测包
fact-probes-counted = 发出 { $sent } 个，{ $answered } 个得到响应，{ $missed ->
    [0] { $rested ->
        [yes] 抓包中有一段时间没有任何报文
       *[no] 漏发 0 个周期
    }
   *[other] 漏发 { $missed } 个周期
}
fact-probes-untold = 发出 { $sent } 个，响应没有抓到，漏发 { $missed } 个周期
fact-no-probes = 没有
fact-no-probes-note = 这段时间内，此次抓包中没有 { $who } 的保活探测包。
fact-setting-changed = { $who } 的保活设置
fact-setting-changed-values = 改过：探测周期依次为 { $spacings }
fact-spacings = { $before }、{ $after }
fact-setting-changed-from = 从第 { $frame } 号报文起，每 { $after } 一个
fact-logged-at = 报错时刻
fact-logged-time = { TIME($time, show: "local", digits: 3) }
fact-logged-after-the-close = 关闭之后 { $after }
fact-logged-before-the-close = 关闭之前 { $before }
fact-logged-at-the-close = 与关闭同时（日志的时间精确到 { $step }）

# 错误日志。
fact-log-read-as = 日志识别为
log-read-as = { $format }：{ $error }
log-read-as-operation = { $format }：{ $operation }，{ $error }
log-peer-name = 对端名称为 { $name }。
log-termination = { $state } 表示：{ $who ->
    [C] 客户端一侧中止
    [S] 服务端一侧中止或拒绝
    [P] HAProxy 结束了会话
    [L] HAProxy 自己作了应答
    [R] HAProxy 缺少资源
    [I] HAProxy 内部错误
    [D] 服务端被下线
    [U] 服务端恢复上线
    [K] 管理员结束了会话
    [c] 客户端空闲超时
    [s] 服务端空闲超时
   *[other] 正常结束
}。
log-client-id = client id 为 { $id }。
log-state-age = 连接处于状态 { $state } 已 { $age }；这是连接存在的时间，不是空闲时间。
log-idle = 日志称连接已空闲 { $age }。
log-lasted = 日志称连接持续了 { $age }。
log-match = 与连接匹配的依据：{ $strength }。
errno-epipe = EPIPE
errno-econnreset = ECONNRESET
errno-econnaborted = ECONNABORTED
errno-econnrefused = ECONNREFUSED
errno-etimedout = ETIMEDOUT
errno-ehostunreach = EHOSTUNREACH
errno-enetunreach = ENETUNREACH
errno-deadline = 程序自己的时限
errno-eof = 读到 EOF
errno-disconnected = 连接已断开
errno-closed_here = 由程序自己关闭
errno-other = 其他错误

# 两端的保活情况。
keepalive-no-probe = 此次抓包中，这一端没有发过探测包：保活没有开启，或者空闲时长大于这里出现过的任何一段静默。
keepalive-no-probe-came = 此次抓包中没有这一端的探测包；它发出的报文有的没有到达这里，其中可能有探测包。
keepalive-neither = 此次抓包中，两端都没有发过探测包：保活没有开启，或者空闲时长大于这里出现过的任何一段静默。
keepalive-drew-reset = 有 { $count } 个探测包引来 RST。
keepalive-answer-untold = { $count } 个探测包是否得到响应，此次抓包看不出来。
# Linux 上 TCP_KEEPINTVL 不会长于有响应时的周期，BSD 上可能更长。
keepalive-interval-does-not-fit = 这里测不出探测间隔（tcp_keepalive_intvl）：没有得到响应的探测包，其间隔与有响应时的周期对不上。
keepalive-interval-not-learned = 这里测不出探测间隔（tcp_keepalive_intvl）：没有连续两个探测包得不到响应。
keepalive-interval = 没有得到响应时，每 { $interval } 再发一个探测包。

clock-uneven = 有响应的探测包之间的 { $gaps } 个间隔，最多相差 { $spread }。差别太大，无法据此判断内核的定时器。
clock-even = 有响应的探测包之间的 { $gaps } 个间隔，相差不超过 { $spread }。
clock-exact = 有响应的探测包之间的 { $gaps } 个间隔完全相同。
clock-undisturbed = 可见这一端的定时器没有受到干扰。
clock-undisturbed-in-part = 可见从第 { $first } 号报文到第 { $last } 号报文，这一端的定时器是准时的，但并非自始至终：漏发了 { $missed } 个周期。
clock-not-linux = 实测探测周期为 { SECONDS($cadence) } 秒，且探测包像 Windows 那样带一个字节的数据：这不是 Linux 内核。
clock-fits-none = 常见的 Linux 内核都不会产生 { SECONDS($cadence) } 秒的探测周期。这是别的系统，或者其定时器受到了干扰。
clock-fits = { SECONDS($cadence) } 秒的探测周期符合 { EITHER($kernels) }。
clock-fit = { $kernel }（HZ { EITHER($rates) }），空闲时长 { EITHER($idle) } 秒
clock-fit-interval = { $kernel }（HZ { EITHER($rates) }），空闲时长 { EITHER($idle) } 秒、探测间隔 { EITHER($intervals) } 秒
clock-gap-on-grid = 第 { $before } 号与第 { $after } 号报文之间隔了 { $gap }。此后探测包仍落在原来的时刻上：定时器一直在走。
clock-gap-off-grid = 第 { $before } 号与第 { $after } 号报文之间隔了 { $gap }。此后探测包偏离原来的时刻 { $shift }：定时器停过，或者被重新设置。
kernel-slack = Linux 2.6.35 至 4.7
kernel-wheel = Linux 4.8 及以上
number-from-to = { $lowest } 至 { $highest }

# 时长相符的已知空闲超时。
limit-can-be-switched-on = 默认关闭，可设为此值
limit-can-be-set = 默认 { $limit }，可设为此值
limits-more-settable = 另有 { $count } 个产品可设为此值。
limits-excluded = 此次抓包排除了 { $count } 个已知的超时；JSON 中列有各自的理由。
source-read = { $source }。
source-in-part = { $source }（未核实：{ $unverified }）
advised-setting = { $who }：{ $setting }

fact-by-the-closers-clock = 从最后一个数据字节算起，按关闭方的时间戳；按此次抓包的时钟为 { $capture }
limit-equals = 等于默认值 { $limit }（相差不到 1 秒）
limit-equals-silence = 按无报文时长计，等于默认值 { $limit }（相差不到 1 秒）
limit-had-run-out = 默认值 { $limit } 已到期
limits-none-equals = 没有已知的默认值等于这个时长。
limits-more-equal = 另有 { $count } 个默认值等于它。
limits-more-run-out = 另有 { $count } 个默认值已到期。
