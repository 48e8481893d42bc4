# 报告各页的标题、表头和小字，以及终端上关于报告的输出。

title-broke = 连接中断分析报告
title-never-opened = 连接建立失败分析报告
title-healthy = 连接状态报告
page-times = { $zone ->
    [UTC] 时间均为 UTC。
   *[other] 时间均为 { $zone } 当地时间，注明 UTC 的除外。
}报文编号与 Wireshark 的 No. 列（frame.number）一致。报告生成于 { TIME($made, digits: 0) }。
page-number = 第 { $page } 页，共 { $pages } 页
summary-times = { $zone ->
    [UTC] 时间均为 UTC。
   *[other] 时间均为 { $zone } 当地时间。
}抓包文件：sha256 { $digest }。
labelled-value = { $name }：{ $value }
see-page = 见第 { $page } 页
page-capture = 抓包文件 sha256 { $digest }…
zone-named = { $offset }（{ $name }）

look-logo = 标志
look-case = 案例编号：{ $case }
look-note = 报告出具方备注：{ $note }

heading-read-first = 请先阅读
heading-contents = 目录
heading-verdict = 结论
heading-confidence = 可信度
heading-attributed-to = 归因
heading-question = 是服务、网络、主机，还是应用？
heading-decides = 判断依据
heading-folded = 其余可能原因（没有证据支持）
heading-folded-all = 以下各项在此次抓包中均无证据支持
heading-objection = 最有力的质疑：
heading-objection-answer = 答复：
heading-facts = 关键事实
heading-capture = 关于此次抓包
heading-ladder = 关键报文
heading-cadence = 探测包逐个间隔
heading-timeline = 同一时段本机的其他连接
heading-log-line = 错误日志
heading-walkthrough = 报文逐条分析
heading-keepalive = 两端的保活情况
heading-application = 应用程序一侧
heading-explanations = 可能原因逐项分析
heading-not-told = 仅凭此次抓包无法判断的
heading-limits = 时长相符的已知空闲超时
heading-advice = 处理建议
heading-letter = 请对端协助提供
heading-headers = 关键报文的协议头
heading-wireshark = 如何在 Wireshark 中查看
heading-appendix = 附录：如何得到同样的报告
heading-commands = 命令

answer-line = { $subject }：{ $standing }。

column-step = 步骤
column-frames = 报文
column-local-time = { $zone ->
    [UTC] 时间
   *[other] 当地时间
}
column-since = 距上一步
column-happened = 发生了什么
column-side = 哪一端
column-idle = 空闲时长
column-cadence = 实测探测周期
column-probes = 探测包
column-answered = 有响应
column-unanswered = 无响应
column-missed = 漏发周期
column-explanation = 可能原因
column-status = 状态
column-evidence = 证据
column-would-decide = 如何验证
column-who = 产品
column-setting = 配置项
column-source = 出处
column-to-see = 要看什么
column-filter = 显示过滤器

step-until = 至 { $time }
step-of-frame = 见第 { $step } 步。
step-no-frame = 无报文
step-decisive = 关键
evidence-against = 反面证据：
more-in-json = 同类的还有 { $count } 条，见 JSON（--json）。
limits-lead = 列出某一行，只是因为数值吻合，并不证明链路上就有这个产品。
advised-sources = 出处：
advised-source = （{ $number }）{ $sources }。
filters-lead = 用 keepalive 插件和 Keepalive 配置方案打开抓包文件，把过滤器粘贴到过滤栏。
filter-not-counted = 未计数
shown-frame = 第 { $frame } 号报文，{ TIME($time, show: "clock") }
line-cut = { $begin }…（共 { $length } 个字符）

appendix-capture = 抓包文件
heading-files = 抓包的各个文件
files-numbered = 该抓包由 { $count } 个文件组成，所有报文按时间顺序连续编号。报告引用的报文所在的文件：
files-more = 另有 { $count } 段见 JSON（--json）。
files-merged = 各文件的时间有重叠：时间完全相同的报文，mergecap 给出的顺序可能不同。
files-in-report = 本报告中的报文编号
files-file = 文件
files-in-file = 在该文件中的编号
files-sums = 上面抓包的 SHA-256 由全部文件的 SHA-256（按时间顺序，每行一个）计算得出；全部数值见 JSON（--json）。
shown-frame-in-file = { $file } 的第 { $frame } 号报文
appendix-size = 大小
appendix-size-counted = { $bytes } 字节，{ $frames } 个报文
appendix-covers = 起止时间
appendix-from-to = { $first } 至 { $last }
appendix-kind = 结论类别
appendix-read-by = 读取方式
appendix-self-check = 由 Wireshark 核对
appendix-made-with = 生成工具

status-supported = 有证据支持
status-possible = 不能排除
status-no_evidence = 无证据
status-ruled_out = 已排除
confidence-confirmed = 确认
confidence-likely = 很可能
confidence-possible = 可能
confidence-undetermined = 无法判定
share-peer_service = 对端服务
share-network_path = 网络链路
share-local_host = 本端主机
share-local_application = 本端应用程序
share-capture_incomplete = 抓包不完整
share-healthy = 正常（未见异常）

# 报文的引用方式。
frames-one = 第 { $frame } 号报文
frames-run = 第 { $first }–{ $last } 号报文
frames-listed = 第 { $frames } 号报文
frames-many = 第 { $first }–{ $last } 号报文，共 { $count } 个
cited = （{ $frames }）
# 两个数字或名称之间的内容（引号不计）。
between-items = "、"
# 两处出处之间的内容；出处本身可能带逗号。
between-sources = "；"
# 句中两个各有谓语的部分之间的内容。
between-clauses = "，"

filter-connection = 本连接
filter-all-findings = 本连接上的全部发现
filter-finding-probe = 保活探测包
filter-finding-unanswered = 没有得到响应的探测包
filter-finding-missed = 漏发的探测周期
filter-finding-fin = 哪一方先关闭
filter-finding-post_fin_probe = FIN 之后的探测包
filter-finding-post_fin_write = FIN 之后写的数据
filter-finding-post_fin_reset = FIN 之后的 RST
filter-finding-gave_up = 保活失败后的放弃
filter-finding-reset = 之前没有 FIN 的 RST
filter-close = 关闭以及与之相关的报文
filter-neighbours = 本机其他连接的探测包

shown-last-probe = 关闭之前的最后一个保活探测包。
shown-answer = 对它的响应。
shown-fin = { $who }的 FIN，第一个关闭连接的报文段。
shown-fin-ack = { $who }的内核确认收到 FIN：它已经知道了。
shown-cause = { $kind ->
    [probe] 引来 RST 的保活探测包。
    [write] 引来 RST 的数据。
    [own_data] 始终没有得到确认的数据。
   *[other] 引来 RST 的报文段。
}
shown-reset-by-name = 以 { $who } 名义发出的 RST。
shown-reset = { $who }的 RST。
shown-before-gap = 探测包中断之前的最后一个报文。
shown-end-of-gap = 结束这段中断的报文。

# 终端输出。
progress-capture = 正在读取抓包文件……
progress-captures = 正在读取两份抓包文件……
progress-step = { $step ->
    [receiving] 正在接收抓包数据
    [joining] 正在为 tshark 合并文件
    [judging] 正在读取抓包文件
   *[taking] 正在整理连接
}
progress-read = { $step }：{ $read }
progress-read-of = { $step }：{ $read } / { $size }
progress-kilobytes = { $n } kB
progress-megabytes = { $n } MB
progress-rate = { $rate }/s
progress-seconds-left = 剩余 { $seconds } 秒
progress-minutes-left = 剩余 { $minutes } 分钟
progress-frame-count = { $frames } 个报文
progress-connection-count = { $connections } 个连接
progress-weighing = 正在逐条分析连接……
progress-aligning = 正在对齐两份抓包……
progress-check = 正在用 tshark 核对此连接……
progress-report = 正在生成报告……
terminal-note = 注意：{ $note }
terminal-written = 已写入：{ $path }
scan-total = { $frames } 个报文，{ $connections } 条 TCP 连接
scan-nothing = 未发现异常：{ $total }；没有漏发的探测周期，没有得不到响应的探测包，没有 FIN 之后写的数据，也没有 RST。
scan-summary = 共 { $total }，其中 { $count } 条连接值得一看。查看某一条：pyreport report CAPTURE --stream N
scan-more = …… 另有 { $count } 条。
scan-column-stream = 流
scan-column-level = 级别
scan-column-happened = 发生了什么
scan-column-lines = 行数
scan-column-log-says = 日志内容
scan-periodic = 反复出现：{ $closer } 与 { $other } 之间有 { $count } 条连接都在 { $age } 没有数据之后被 { $closer } 关闭，时间在 { TIME($first, digits: 0) } 与 { TIME($last, digits: 0) } 之间（TCP 流 { $streams }）。
scan-log-error = { $format }：“{ $error }”
scan-log-first-line = 首次出现在第 { $line } 行
scan-errors-inside = { $count ->
    [0] 日志中没有落在此次抓包时间内的错误。
   *[other] 日志中有 { $count } 条错误落在此次抓包的时间内。
}
scan-incidents = { $incidents ->
    [1] 它属于 1 次事件。
   *[other] 它们属于 { $incidents } 次事件，{ $causes } 种原因。
}
scan-errors-outside = 有 { $count } 条错误发生在其他时间。
scan-errors-unmatched = 另有 { $count } 条错误未作匹配。
scan-more-on-one = 查看某一条：pyreport report CAPTURE --log-file FILE --at TIME
scan-fits-none = 与此次抓包中的任何连接都不吻合
scan-matched = 匹配依据：{ $strength }
scan-weighed = [{ $kind }，{ $weighed }]
scan-ambiguous = 无法区分：与 { $count } 条连接同样吻合（TCP 流 { $streams }）
level-chat = Chat
level-note = Note
level-warn = Warn
level-error = Error

heading-event = 属于同一次事件的连接
column-connection = 连接
column-closed = 关闭时刻
filter-finding-retransmission_timeout = 没有得到确认的数据
scan-nothing-broke = { $total }，未发现连接中断。
scan-noise-resets = 有 RST 的连接 { $count } 条。
scan-noise-unanswered = 有探测包得不到响应的连接 { $count } 条。
scan-noise-missed = 漏发过保活探测的连接 { $count } 条。
scan-noise-writes = 在 FIN 之后写过数据的连接 { $count } 条。
scan-noise-unreplied = 请求还没有得到应答就已关闭的连接 { $count } 条。
scan-noise-lost = 有报文一度丢失或被拒绝的连接 { $count } 条。
scan-noise-unread = 有程序一度没有读数据的连接 { $count } 条。
scan-noise-untold = 另有 { $count } 条连接，抓包中的内容太少，不能说它正常。
scan-more-events = …… 另有 { $count } 项（{ $connections } 条连接）：用 --all 全部列出，用 --json FILE 供程序读取。
scan-event = { $ends }：{ $happened } [{ $kind }，{ $confidence }]
scan-stream-and-more = { $stream } …
full-stop = 。
