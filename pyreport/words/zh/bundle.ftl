# 随报告一起给出的内容：报文注释、表格、证据包及其校验。

comment-capture = pyreport { $version } 为抓包 { $file }（SHA-256 { $digest }）所加的注释。
progress-comments = 正在写入注释 …
annotate-done = { $comments ->
    [0] 没有任何发现，因此没有报文带注释。
   *[other] 在 { $frames } 个报文上写入了 { $comments } 条注释。
}
comment-origin = { $file } 的第 { $frame } 号报文
attach-too-big = 报文和 JSON 超过 { $most } MB，因此没有放入 PDF：请使用 --bundle。
verify-file = { $state ->
    [changed] 已改动：{ $name }
    [missing] 缺失：{ $name }
    [added] 多出：{ $name }
   *[same] 未改动：{ $name }
}
verify-made = 由 { $generator } 于 { TIME($made, digits: 0) } 根据抓包 { $file } 生成（SHA-256 { $digest }）。
verify-manifest = 清单的 SHA-256：{ $digest }
verify-same = { $files } 个文件均与清单一致。
