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
redaction-removed = 已脱敏：{ $packets } 个报文的载荷（{ $bytes } 字节）、{ $addresses } 个 IP 地址、{ $macs } 个 MAC 地址、{ $ports } 个端口、{ $names } 个名称或词、文件中的 { $options } 项注释、名称与密钥。
redaction-told = 抓包在读取之前已脱敏：文中的地址和名称都是替代值，相同的原值对应相同的替代值，载荷已清除，因此本报告无法说明程序之间传递了什么内容。报文编号、时间、长度和序列号与原始抓包一致。
redaction-key = 用于还原替代值的密钥保存在 { $path }：请妥善保管，不要一并发送。
