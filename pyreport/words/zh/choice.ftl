# 为什么是这条连接。

chosen-stream = 指定了 TCP 流 { NUMBER($stream, useGrouping: 0) }。
chosen-by-ends = 连接由地址 { $local } 和 { $remote } 指定。
chosen-by-ends-of-several = { chosen-by-ends }抓包中这两端之间有 { $several } 条连接，{ $how ->
    [nearest] 这一条存在的时间离错误日志最近
    [worst] 这一条问题最严重
   *[best_fit] 这一条与错误日志最吻合
}。
chosen-by-log = 错误日志与连接匹配的依据是 { $strength }。
chosen-most-to-say = 没有指定连接，各连接也都没有警告：本报告选取了最值得一看的一条连接。
chosen-only-findings = 没有指定连接：抓包中问题最严重的是这一条。
chosen-worst-findings = { chosen-only-findings }另有 { $more } 条连接也有警告；pyreport scan 可列出它们。
chosen-worst-end = 没有指定连接：抓包中异常结束最严重的是这一条。
chosen-worst-end-of-several = { chosen-worst-end }除此之外，pyreport scan 还会列出 { $others } 条连接。
chosen-report-is-about = 本报告针对 { $local } → { $peer }。{ $why }

# 为什么这一端是本端：用在“本端：”之后。

local-is-client = 它是客户端，因此视为本端
local-is-taken = 视为本端
local-named-first = 指定时写在前面，即报错的一端
local-wrote-log = 写下错误日志的一端

# 错误日志与连接。

log-line-named-by-stream = 按 --stream 的指定，错误日志属于 { $local } → { $peer }：日志本身没有说明是这条连接。
log-line-matched-weakly = 错误日志可能是关于 { $local } → { $peer } 的。匹配依据是 { $strength }，而不是两端地址：日志中的两端与抓包所见不一致。
log-line-fits-alike = 有 { $count } 条连接与错误日志同样吻合，它们发生的情况相同；本报告取时间上最接近的一条。
log-line-fits-several = 有 { $count } 条连接与错误日志同样吻合，但它们发生的情况不同；本报告取时间上的第 { $rank } 条，日志也可能说的是另一条。

log-time-none = 错误日志中没有可识别的日期和时间（例如 2022-09-30 00:08:53），因此不能确定它的时刻。
log-zone-unknown = 错误日志没有写明时区，从抓包也无法确定唯一的时区，因此没有使用日志的时间。请用 --log-tz 指定。
log-zone-assumed = 错误日志没有写明时区，其时间按 { TIME($time, digits: 3) } 处理，即日志时钟所用时区为 { $offset }：在与 UTC 相差整点或半点的各个时区中，按它换算时，日志落在关闭之后最近、且靠近此次抓包的时刻。若不是，请用 --log-tz 指定。

# 日志文件。

log-line-at = 错误日志是 { $file } 的第 { NUMBER($line, useGrouping: 0) } 行，即离 --at 的时间最近的错误。
log-file-read = 日志 { $file } 中有 { $errors } 条错误落在此次抓包的时间内。本报告针对第 { NUMBER($line, useGrouping: 0) } 行。
log-file-same-cause = 另有 { $count } 条连接原因相同：{ $streams }。
log-streams = { $count ->
    [1] TCP 流 { $streams }
   *[other] TCP 流 { $streams }
}{ $more ->
    [0] {""}
   *[other] ，以及另外 { $more } 条
}
log-group-found = { log-group-says }：{ $streams }。
log-group-ambiguous = { log-group-says }：有 { $rivals } 条连接同样吻合。
log-group-unmatched = { log-group-says }：没有吻合的连接。
log-group-says = 日志中还有 { $lines } 次“{ $error }”（{ $ends }）
log-file-all = 运行 pyreport scan CAPTURE --log-file FILE 可列出日志中的全部错误，用 --at TIME 可指定其中一条。
log-file-more = 日志中还有另外 { $more } 种原因的错误。{ log-file-all }

# 一行日志说了哪些端，以及它与连接匹配的依据：供引用。

log-names-both-ends = { $local } → { $remote }
log-names-remote-end = 到 { $remote }
log-names-local-end = 来自 { $local }
log-names-no-end = 日志没有写明两端

strength-exact = 两端地址和端口完全一致
strength-reversed = 两端地址和端口一致，接受连接的一端写在前面
strength-named = 用户的指定
strength-local_port = 对端地址和本端端口
strength-local_time = 本端地址和时间
strength-local_outcome = 本端地址和结果
strength-remote_time = 对端地址和时间
strength-remote_outcome = 对端地址和结果
strength-port_time = 端口和时间
strength-port_outcome = 端口和结果
strength-time_outcome = 时间和结果
strength-outcome = 仅凭结果
strength-ambiguous = 没有能与其他连接区分的依据
strength-idle_age = 日志所写的空闲时长
