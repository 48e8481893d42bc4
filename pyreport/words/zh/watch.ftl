# pyreport watch 所说的话，每条一行。

watch-began = 正在 { $interface } 上抓包：{ $filter }
watch-follows = 正在跟踪 { $log }。报告写入 { $folder }。
watch-follows-later = { $log } 尚不存在：出现后将从第一行读起。报告写入 { $folder }。
watch-seen = { $time }：{ $connection }：{ $what }。再抓 { $wait } 的后续报文，然后写报告。
watch-report = { $time }：{ $connection }：{ $verdict }已写入：{ $folder }
watch-inferred = { $time }：{ $connection }（匹配依据：{ $match }）：{ $verdict }已写入：{ $folder }
watch-several = { $time }：{ $connection }：错误日志与 { $count } 条连接同样吻合，但它们发生的情况不同。已写入时间上最接近的 { $reports } 条各自的报告：{ $folder }
watch-no-report = { $time }：{ $connection }：没有报告（{ $why }）。抓包片段和日志行在 { $folder }
watch-no-frames = { $time }：{ $connection }：环形抓包中没有那段时间的报文。日志行在 { $folder }
watch-repeated = 一小时内同样的错误又出现 { $count } 次，只计数：{ $folder }
watch-not-watched = { $connection } 的错误属于另一个服务，未抓包：不写报告。以后不再提示。
watch-too-many-at-once = 等待写报告的不同错误超过 { $count } 个：其余的略过。
watch-day-full = 最近 24 小时已写 { $count } 份报告，达到 --max-reports 的上限：在最早的一份满一天之前不再写。
watch-archive-full = { $folder } 中的报告已达到 --keep-mb 的上限：在删除一些之前不再写。
watch-disk-full = { $folder } 所在的磁盘已满：报告未写入。已有的内容保持不变。
watch-cannot-write = 报告无法写入 { $folder }（{ $why }）。
watch-notify-failed = --notify 的命令 { $command } 失败（{ $why }）。
watch-left = { $connection }：停止时报告尚未写完。抓包保留在 { $ring }
watch-stopped = 已停止。写入的报告：{ $count } 份。
watch-dumpcap-ended = 抓包中断：dumpcap 已结束（{ $said }）。{ $pause } 后重新启动。
watch-dumpcap-back = 抓包继续：dumpcap 已重新运行。
watch-finder-ended = 对发现的监视中断（{ $said }）。{ $pause } 后重新启动。
watch-finder-grown = 对发现的监视占用内存 { $mb } MB，因此重新开始：此前的连接不再知道。
watch-finds = 同时等待插件的发现。报告写入 { $folder }。
watch-log-refused = 无法读取 { $log }（{ $why }）：可以读取后继续跟踪。
watch-excerpt-cut = 这两台主机之间的报文超过抓包片段的上限 { $mb } MB：较早的报文未写入 { $folder }
