# Events: connections to which the same thing happened.

event-connection = { $near } → { $far }
event-connection-told = { $near } → { $far } ({ $stream }): { $told }
event-connections = { $count } connections of { $near } to { $far }
event-connections-of-hosts = { $count } connections of { $hosts } hosts to { $far }
event-connections-of-host = { $count } connections of { $near }
event-and-why = { $first } { $why }
event-at-a-stroke = { $happened }; one event between frames { $last } and { $first } would explain them all: the host restarted, its address moved, or a device lost its table
event-and-words = { $first } Before that, { $who } said (frame { $frame }): “{ $said }”.
event-told = { $ends }: { $happened }
event-happened = { $common ->
    [silence] no frame of this host for { $silence }
   *[other] { event-kind }
}{ $common ->
    [moment] , within { $within }
    [age] , each after { $age } without data, from { TIME($first, digits: 0) } to { TIME($last, show: "clock", digits: 0) }
    [kind] , from { TIME($first, digits: 0) } to { TIME($last, show: "clock", digits: 0) }
   *[other] { "" }
}
event-kind = { $kind ->
    [peer_closed_idle] the other side closed after a silence
    [peer_closed] the other side closed
    [peer_reset] the other side reset them
    [middlebox_closed] a device on the path may have closed them
    [peer_restarted] the other side closed all at one moment, as when a process ends
    [path_lost] no answer came any more
    [keepalive_gave_up] keep-alive gave up, without answers
    [host_frozen] this host did not run for a while
    [local_closed] this side closed
    [peer_stalled] the program of the other side did not read, or did not reply
    [local_stalled] the program of this side did not read
    [never_opened] they never opened
    [health_check] opened and reset at once, as a health check or a port scan does
    [healthy] nothing broke
   *[other] it cannot be told why they ended
}

# The connections of an event, in the report.
event-closed = { TIME($time, show: "clock", digits: 6) }
event-not-closed = not in this capture
event-no-age = –
event-streams = TCP streams: { $streams }.
event-more = { $count ->
    [one] One more connection belongs to this event; the JSON names it.
   *[other] { COUNT($count) } more connections belong to this event; the JSON names them.
}
