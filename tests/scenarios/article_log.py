"""The application's log of that night: the line from the article, and harmless ones around it."""

from __future__ import annotations

GROUP = "cop.inke_owt.inno_pdl.user_pushmsg.server"
TOPIC = "inno_phxyuyin_user_pushmsg_push_msg"
CONSUMER = f"group:{GROUP},from:user.msg.push.consume,topic:{TOPIC}"

ERROR_LINE = (
    f"2022-09-30 00:08:53.470 kafka/consumer.go:128 kafka_util,error,consume,{CONSUMER},err:kafka: "
    f"error while consuming {TOPIC}/1: write tcp 10.226.11.15:38742->10.226.5.4:9092: write: broken pipe"
)

APP_LOG = f"""\
2022-09-30 00:06:37.914 kafka/consumer.go:71 kafka_util,info,consume,{CONSUMER},partition:1,start
2022-09-30 00:06:37.931 kafka/consumer.go:83 kafka_util,info,consume,{CONSUMER},partition:1,offset:5310226
2022-09-30 00:07:01.376 push/dispatch.go:52 push_util,info,dispatch,topic:{TOPIC},messages:5
2022-09-30 00:07:14.206 push/result.go:40 push_util,info,result,topic:inno_pdl_push_result,sent:1,cost:2ms
2022-09-30 00:08:30.204 health/check.go:33 health_util,info,check,target:kafka,status:ok
{ERROR_LINE}
2022-09-30 00:08:53.471 kafka/consumer.go:140 kafka_util,info,consume,{CONSUMER},partition:1,retry in:2s
2022-09-30 00:08:55.479 kafka/consumer.go:71 kafka_util,info,consume,{CONSUMER},partition:1,start
2022-09-30 00:09:05.118 push/result.go:40 push_util,info,result,topic:inno_pdl_push_result,sent:1,cost:2ms
"""
