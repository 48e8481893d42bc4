# 随报告一起给出的内容：报文注释、表格、证据包及其校验。

comment-capture = pyreport { $version } 为抓包 { $file }（SHA-256 { $digest }）所加的注释。
progress-comments = 正在写入注释 …
annotate-done = { $comments ->
    [0] 没有任何发现，因此没有报文带注释。
   *[other] 在 { $frames } 个报文上写入了 { $comments } 条注释。
}
