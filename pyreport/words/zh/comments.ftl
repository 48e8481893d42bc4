# 报文注释：插件的每一项发现占一行。发现中没有的参数为 "none"。

comment-gave-up = { $by } 放弃连接：{ $unanswered } 个保活探测包没有响应（第 { $first_probe_frame } 号至第 { $last_probe_frame } 号报文），随后发出 RST
comment-post-fin-reset = 此 RST 回应第 { $cause_frame } 号报文中的{ $cause_kind ->
    [write] 写入
   *[probe] 保活探测包
  }，在 FIN（第 { $fin_frame } 号报文）之后 { $after_fin_ns }
comment-missed = { $by } 有 { $intervals } 个保活间隔未发探测，逾期 { $overdue_ns }
comment-post-fin-write = 在 FIN（第 { $fin_frame } 号报文）之后 { $after_fin_ns } 写入 { $bytes } 字节
comment-write-after-own-fin = 本端发出 FIN（第 { $fin_frame } 号报文）之后又发送了 { $bytes } 字节
comment-unanswered = 第 { $probe_frame } 号报文中的保活探测包在 { $waited_ns }内没有响应，已连续 { $in_a_row } 次
comment-retransmission-timeout = { $by } 重传第 { $data_frame } 号报文的数据 { $repeats } 次，{ $waited_ns }内未获确认
comment-capture-hole = { $length_ns }内没有任何报文，其间 { $connections } 条连接本应有保活探测包
comment-setting-changed = { $by } 的保活间隔由 { $before_ns }改为 { $after_ns }
comment-refused-by = { $device } 拒绝了 { $sender } 的报文段（ICMP type { $icmp_type }，code { $icmp_code }）
comment-late = 保活探测包迟到 { $overdue_ns }
comment-reset = { $by } 重置了连接（RST），距前一个报文 { $packet_idle_ns }
comment-fin = { $silence_ns ->
    [none] { $by } 先关闭连接（FIN）
   *[other] { $by } 在静默 { $silence_ns }之后先关闭连接（FIN）
  }
comment-closed-before-due = 关闭时距下一次保活探测包到期还有 { $margin_ns }
comment-post-fin-probe = 在 FIN（第 { $fin_frame } 号报文）之后 { $after_fin_ns }的保活探测包：套接字仍未关闭
comment-fin-ack = 在 { $delay_ns }之后确认 FIN（第 { $fin_frame } 号报文）
comment-probe = { $answer_frame ->
    [none] 第 { $number } 个保活探测包
   *[other] 第 { $number } 个保活探测包，响应在第 { $answer_frame } 号报文
  }
comment-answer = 响应第 { $probe_frame } 号报文中的保活探测包，间隔 { $delay_ns }
