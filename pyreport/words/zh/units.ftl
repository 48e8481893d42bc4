# 数字、时长、时间，以及对连接两端的称呼。

# 段落中两句之间的内容（引号不计）。
between-sentences = ""

duration-nanoseconds = { $n0 } 纳秒
duration-microseconds = { $n0 } 微秒
duration-milliseconds = { $n0 } 毫秒
duration-seconds = { $n0 } 秒
duration-minutes = { $n1 ->
    [0] { NUMBER($n0, useGrouping: 0) } 分钟
   *[other] { NUMBER($n0, useGrouping: 0) } 分 { NUMBER($n1) } 秒
}
duration-hours = { NUMBER($n0, useGrouping: 0) } 小时{ $n2 ->
    [0] { $n1 ->
        [0] {""}
       *[other] { NUMBER($n1) } 分钟
    }
   *[other] { NUMBER($n1) } 分 { NUMBER($n2) } 秒
}
duration-days = { NUMBER($n0, useGrouping: 0) } 天{ $n2 ->
    [0] { $n1 ->
        [0] {""}
       *[other] { NUMBER($n1) } 小时
    }
   *[other] { $n1 ->
        [0] { NUMBER($n2) } 分钟
       *[other] { NUMBER($n1) } 小时 { NUMBER($n2) } 分
    }
}
# 整分钟、整小时或整天的设置值。
set-minutes = { NUMBER($n0, useGrouping: 0) } 分钟
set-hours = { NUMBER($n0, useGrouping: 0) } 小时
set-days = { NUMBER($n0, useGrouping: 0) } 天

moment-in-utc = { $date } { $clock }（UTC）
moment-in-zone = { $date } { $clock }（UTC{ $offset }）

party-client = 客户端
party-server = 服务端
party-a = A 端
party-b = B 端
