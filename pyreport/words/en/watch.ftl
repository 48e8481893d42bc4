# What pyreport watch says, one line each.

watch-began = Capturing on { $interface }: { $filter }
watch-follows = Following { $log }. Reports go to { $folder }.
watch-follows-later = { $log } is not there yet: it will be read from its first line. Reports go to { $folder }.
watch-seen = { $time }: { $connection }: { $what }. The report comes after { $wait } of aftermath.
watch-report = { $time }: { $connection }: { $verdict } Written: { $folder }
watch-inferred = { $time }: { $connection }, found by { $match }: { $verdict } Written: { $folder }
watch-several = { $time }: { $connection }: the line fits { $count } connections, to which different things happened. Reports of the { $reports } nearest in time: { $folder }
watch-no-report = { $time }: { $connection }: no report ({ $why }). The excerpt and the log’s lines are in { $folder }
watch-no-frames = { $time }: { $connection }: the ring has no frame of that time. The log’s lines are in { $folder }
watch-repeated = { $count ->
    [one] The same came once more within the hour and was counted: { $folder }
   *[other] The same came { COUNT($count) } times more within the hour and was counted: { $folder }
}
watch-not-watched = An error of { $connection } is about another service, which is not captured: no report. Further ones are not mentioned.
watch-too-many-at-once = More than { $count } different errors wait for their reports: further ones are left out.
watch-day-full = The reports of the last 24 hours are { $count }, as many as --max-reports allows: no further one is written until the oldest is a day old.
watch-archive-full = The reports in { $folder } take as much room as --keep-mb allows: no further one is written until some are removed.
watch-disk-full = The disk of { $folder } is full: the report was not written. What is there stays.
watch-cannot-write = The report cannot be written to { $folder } ({ $why }).
watch-notify-failed = The command { $command } of --notify failed ({ $why }).
watch-left = { $connection }: stopped before its report was written. The capture stays in { $ring }
watch-stopped = Stopped. Reports written: { $count }.
watch-dumpcap-ended = The capture stopped: dumpcap ended ({ $said }). It is started again after { $pause }.
watch-dumpcap-back = The capture goes on: dumpcap runs again.
watch-finder-ended = The search for findings stopped ({ $said }). It is started again after { $pause }.
watch-finder-grown = The search for findings begins anew, since it took { $mb } MB of memory: it knows nothing of the connections before.
watch-finds = Looking for findings of the plugin as well. Reports go to { $folder }.
watch-log-refused = { $log } cannot be read ({ $why }): it is followed again once it can.
watch-excerpt-cut = The hosts exchanged more than the { $mb } MB that an excerpt may have: older packets are left out in { $folder }
