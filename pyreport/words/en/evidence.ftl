# What the explanations say for and against themselves, and the facts that they share.

# Pieces: how many of something.
diag-probes = { $probes ->
    [one] one keep-alive probe
   *[other] { COUNT($probes) } keep-alive probes
}
diag-packets = { $packets ->
    [one] one packet
   *[other] { COUNT($packets) } packets
}
diag-others = { $others ->
    [one] one other connection
   *[other] { COUNT($others) } other connections
}
diag-ttl = { $is_ipv6 ->
    [yes] hop limit
   *[no] TTL
}

# The closing frame, held against the earlier frames of its sender.

closing-frame-same-ttl = The closing frame has the { diag-ttl } of its sender's other frames ({ $ttl }).
closing-frame-other-ttl = The closing frame has { diag-ttl } { $ttl }; its sender's other frames have { $usual }.
closing-frame-other-first-ttl = The closing frame has { diag-ttl } { $ttl }; its sender's other frames have { $usual }. Both fit the same distance, with different initial values.
closing-frame-no-timestamp = The closing frame lacks the timestamp option, which all other frames of its sender carry.
closing-frame-timestamp-on-line = The timestamp of the closing frame is on the line of its sender's earlier timestamps.
closing-frame-timestamp-off-line = The timestamp of the closing frame is off the line of its sender's earlier timestamps.
closing-frame-next-ip-id = The IP ID of the closing frame goes on where its sender's IP IDs were ({ NUMBER($last, useGrouping: 0) }, then { NUMBER($ip_id, useGrouping: 0) }).

closing-frame-sooner-than-syns = The closing frame came { $delay } after the segment that it answers. { $answers ->
    [1] The one answer of its sender's host to a SYN here took { $least }
   *[other] The quickest of { COUNT($answers) } answers of its sender's host to SYNs here took { $least }
}: { $sure ->
    [yes] it was sent from nearer.
   *[no] it may have been sent from nearer.
}
closing-frame-too-soon = The closing frame came { $delay } after the segment that it answers. No other answer of its sender came sooner than { $least }: it was sent from nearer.

# One side asked (with probes, or with data sent again), and the other side did not answer.

wait-cannot-tell = A path that was down and a host that was down or frozen look the same.
wait-probes = { $probes ->
    [one] one keep-alive probe of { $asker }
   *[other] { COUNT($probes) } keep-alive probes of { $asker }
}
wait-frames = { $heard ->
    [one] one frame of { $silent }'s host
   *[other] { COUNT($heard) } frames of { $silent }'s host
}
wait-probes-no-answer = { wait-probes } got no answer from { $silent }. { wait-cannot-tell }
wait-data-no-answer = { $asker } sent one segment again { sent-again }, and in that time { $silent } did not acknowledge it. { wait-cannot-tell }
wait-probes-host-heard = { wait-probes } got no answer from { $silent }, while { wait-frames } came in: the host was alive.
wait-data-host-heard = { $asker } sent one segment again { sent-again }, and { $silent } did not acknowledge it, while { wait-frames } came in: the host was alive.
wait-data-not-accepted = { $asker } sent one segment again { sent-again }, and { $silent } did not acknowledge it, but sent its SYN-ACK again { $again ->
    [1] once
    [2] twice
   *[other] { COUNT($again) } times
}: it had not taken the connection. Its queue of new connections was full, or the end of the handshake did not reach it.
acks-not-heard = { $sender } sent one segment again { COUNT($copies) } times within { $lasted }, although { $other } had acknowledged it (frame { $frame }): the acknowledgments did not get to the TCP of { $sender }.
wait-data-not-taken-in = { $copies ->
    [one] One copy of the data of { $asker } was
   *[other] { COUNT($copies) } copies of the data of { $asker } were
} answered at once by an acknowledgment of what came before. They arrived, and the kernel of { $silent } did not take them in: it does so with a number or a timestamp that it does not accept.
wait-data-went-on-without = { $asker } sent one segment again { sent-again }, and { $silent } did not acknowledge it. Frame { $frame } of { $silent }, { $after } after the first copy, acknowledges less: the host ran, and none of the copies had arrived.
wait-path-or-filter = A device on the path may have dropped this, or a packet filter of { $silent }'s host. From here the two look the same.
opening-host-alive = Meanwhile { wait-frames } came in: the host was alive and the path worked.
opening-queue-or-filter = A live host that does not answer a SYN has a full listen queue, drops it by a packet filter, or takes its timestamp for an old one (Linux before 4.12 with tcp_tw_recycle, when several hosts share an address).
opening-path-worked = The path carried other frames of { $silent }'s host meanwhile.
wait-syn-host-heard = { $asker } asked for a connection { $tries ->
    [1] once
    [2] twice
   *[other] { COUNT($tries) } times
} (SYN) and got no answer. { opening-host-alive } { opening-queue-or-filter }
wait-probes-arrived = { wait-probes } arrived at { $silent }, where the capture was taken, and got no answer: the path did not lose them. The kernel there did not run or did not accept them, or a packet filter of the host took them.
wait-probes-reached-link = { wait-probes } came as far as the link of { $silent }, where the capture was taken, and got no answer: no router lost them. The kernel of { $silent } did not run or did not accept them, a packet filter of its host took them, or that link lost them.
wait-data-reached-link = { $asker } sent one segment again { sent-again }, and in that time { $silent } did not acknowledge it, although the segment came as far as the link of { $silent }, where the capture was taken. The kernel of { $silent } did not run or did not accept it, a packet filter of its host took it, or that link lost it.
wait-data-arrived = { $asker } sent one segment again { sent-again }, and in that time { $silent } did not acknowledge it, although the segment arrived: the capture was taken at { $silent }. The kernel there did not run or did not accept it, or a packet filter of the host took it.
wait-syns-reached-link = The requests came as far as the link of { $silent }, where the capture was taken: no router lost them. The queue of the service was full, a packet filter of its host took them, the kernel of { $silent } did not run, or that link lost them.
wait-syns-arrived = The requests arrived: the capture was taken at { $silent }. The queue of the service was full, a packet filter of the host took them, or the kernel there did not run.

# The other connections of the host, and its packet counter.

neighbours-came-back-on-time = { diag-others } of { $local }'s host { $others ->
    [one] lacks
   *[other] lack
} probes at that time as well, and probes came back at their usual times: the timers ran on, and the capture may lack the frames of that time.
packets-made-unseen = The packet counter of { $who } shows { $packets ->
    [one] one packet made in that time that is not in this capture: the kernel ran, and the packet was
   *[other] { COUNT($packets) } packets made in that time that are not in this capture: the kernel ran, and the packets were
} dropped inside the host (by a filter or a queue) or by the capture.

# The service.

next-opening = The next attempt to connect to { $service } { $outcome ->
    [accepted] was accepted
    [refused] was refused (RST), as when nobody listens there
    [earlier] was answered with the numbers of an earlier connection, which that end, or a device on the path, still had
   *[unanswered] got no answer
}.

# Packets were lost on the path.

path-loss-late = { $asker } sent one segment again { sent-again } before { $silent } acknowledged it, after { $after }. The acknowledgment echoes the timestamp of the first copy, so that copy had arrived. It was held up on the way, as in a full queue, or its acknowledgment was held up or lost.
path-loss-sent-twice = { $asker } had to send one segment a second time before { $silent } acknowledged it: the segment, or its acknowledgment, was lost or late.
path-loss-probes-counted = { $lost } of { $sent } keep-alive probes of { $asker } { $percent ->
    [0] got no answer
   *[other] ({ $percent } %) got no answer
} from { $silent }, at most { COUNT($longest) } in a row.
path-loss-counted = { $octets } bytes of { $sender } never came: frame { $frame } carries the number of what { $sender } sends next, and so counts them as sent.
path-loss-hole = { $octets } bytes of { $sender } never came, although later ones did, and nobody acknowledged them.
path-loss-gap = { $gap } { keepalive-not-sent-or-lost }
path-loss-gap-dropped = { $gap } But the packet counter of { $who } shows { diag-packets } made in that time: { $packets ->
    [one] it was dropped before it
   *[other] they were dropped before they
} reached the capture.
path-loss-marked = Wireshark marks { $marked ->
    [one] one frame of this connection as a retransmission
   *[other] { COUNT($marked) } frames of this connection as retransmissions
}.
path-loss-answers-arrived = { $answers ->
    [one] One answer to a keep-alive probe
   *[other] { COUNT($answers) } answers to keep-alive probes
} came in, none was missing, and nothing was retransmitted: the path carried packets both ways.
path-loss-answers-left = Nothing was retransmitted, and the probes were answered. This capture does not show whether the answers arrived.
one-direction-untold = Only one direction of the connection was captured, so this cannot be told.
one-direction-no-frame = The capture has no frame of { $who }, so what it did cannot be told.
path-loss-not-tested = Nothing was retransmitted, and no keep-alive probe tested the path.

# Retransmissions ran out.

retransmission-acknowledged = The segments that were sent again were acknowledged in the end.
retransmission-none = No segment was being sent again without an acknowledgment at the end.
retransmission-refused = { $silent } refused with an RST what { $asker } sent again, so the timer of { $asker } did not run out.
retransmission-had-closed = { $silent } had closed before, so nobody could take what { $asker } sent again.
retransmission-repeats = { $asker } sent { $what ->
    [syn] its SYN
    [fin] its FIN
   *[segment] the same segment
} again { sent-again } ({ $are_all ->
    [yes] after { $gaps }
   *[no] the last ones after { $gaps }
}), and { $silent } never acknowledged it in this capture.
retransmission-log-timed-out = The log says “timed out” (ETIMEDOUT), the error of a sender whose data was never acknowledged.
retransmission-few = So few repeats are ordinary loss. The capture does not show what came after them.
retransmission-no-backoff = The times between the repeats do not grow as those of a retransmission timer do. The capture does not show what came after them.
retransmission-ended-by-application = { $asker }'s own application ended the connection, before the kernel's retransmission timer ran out or after.
retransmission-ran-out = The next repeat was due and did not come: { $asker } had given up.

# Keep-alive gave up.

keepalive-gave-up-rst = { $who } sent an RST after { diag-probes } without an answer, { $silence } after the last answer or data of { $other }.
keepalive-gave-up-setting = No system gives up after so few probes by default (BSD 8, Linux 9, Windows 10). { $probes ->
    [1] TCP_USER_TIMEOUT, of { $silence } at most, or TCP_KEEPCNT 1 ended it.
   *[other] TCP_KEEPCNT { NUMBER($probes) }, or TCP_USER_TIMEOUT of { $silence } at most, ended it.
}
keepalive-gave-up-fin = The connection ended with a FIN. Keep-alive never sends a FIN: it gives up with an RST and ETIMEDOUT.
keepalive-gave-up-no-rst = Keep-alive probes went unanswered, but this capture has no RST of a keep-alive that gives up.
keepalive-gave-up-unseen = The packet counter of { $who } went on by { diag-packets } in the { $silence } before its RST, and none of them is in this capture: { $who } sent something that did not arrive here, for instance keep-alive probes that a device drops, and then gave up.
keepalive-gave-up-none-unanswered = No keep-alive probe went unanswered.
keepalive-gave-up-on-time = The RST of { $who } came when its next keep-alive probe was due ({ $spacing } after the last probe): the keep-alive timer sends an RST then if no answer arrived. This capture does not show whether the answers arrived at { $who }.

# The application wrote on a connection that the peer had closed.

write-on-half-closed-no-fin = { $peer } did not close first, so { $local } had no FIN to overlook.
write-on-half-closed-harmless = { $why ->
    [half_close] What { $local } wrote after the FIN is everyday traffic: the other side acknowledged the data, so the close was a legal half-close.
    [own_fin] What { $local } wrote after the FIN is everyday traffic: { $local } was closing too, and its own FIN goes with the data or follows at once.
    [own_rst] What { $local } wrote after the FIN is everyday traffic: { $local } was closing too, and its own RST follows at once.
    [tls_alert] What { $local } wrote after the FIN is everyday traffic: the data is a TLS alert of a side that is closing too.
    [before_alert] What { $local } wrote after the FIN is everyday traffic: { $local } was closing too, and its TLS alert follows at once.
    [asked_for] What { $local } wrote after the FIN is everyday traffic: it is the answer to what the other side sent right before its FIN, and was on its way.
   *[other] What { $local } wrote after the FIN is everyday traffic.
}
write-on-half-closed-too-soon = The connection was over { $kept } after { $peer }'s FIN: too soon to say that { $local } overlooked the FIN.
write-on-half-closed-half-close = { half-close } (a half-close), so { $local } had no close to overlook.
write-on-half-closed-early = { $local } wrote { $after } after { $peer }'s FIN, perhaps before its application could have read of the FIN.
write-on-half-closed-no-own-fin = { $local } sent no FIN of its own before the { $until ->
    [rst] RST
   *[capture_end] end of this capture
}.
write-on-half-closed-probed = { $local }'s kernel went on sending keep-alive probes, as it does while the application has not closed.
write-on-half-closed-wrote = { $local } wrote after { $peer }'s FIN.
write-on-half-closed-epipe = The log says “broken pipe” (EPIPE). On Linux this error needs a FIN first and an RST after the FIN (tcp_reset).

# The application did nothing with the connection.

application-stalled-closed-itself = { $local } closed the connection itself.
application-stalled-waited = { $local } may have waited for a reply: its last data, { $waited } before the close, got no reply from { $peer }.
application-stalled-silent = { $local } sent no data for { $silence } before the close. The last data was { $whose }'s.
application-stalled-silent-owing-nothing = { $local } sent no data for { $silence } before the close. The last data was { $whose }'s: no reply was outstanding, if every request has one.
application-stalled-silent-owing = { $local } sent no data for { $silence } before the close. The last data was { party-client }'s: { $local } may have owed a reply.
application-stalled-no-silence = No silence of { $local }'s application stands out.

# The peer closed a connection that had been idle.

half-close = { $peer } went on taking data after its FIN: it closed one direction only
peer-idle-close-rst-of-any = { $as_far ->
    [true] The RST came from as far as { $peer }'s other frames (same hop limit). Nothing else ties it to { $peer }'s own socket: { $peer } keeps the limit, or a device in its place or on the path does.
   *[other] The RST came with another hop limit than { $peer }'s other frames: { $peer } keeps the limit, or a device on the path does, such as a balancer.
}
peer-idle-close-rst = { $peer } ended the connection with an RST that answers nothing. Few idle limits end a connection like this (MariaDB, HAProxy with nolinger, some load balancers), and the RST does not show that it comes from { $peer }'s own socket.
reset-after-idle = { $who } ended the connection with an RST after { $idle } without data. It answers nothing, and it comes from { $who }'s own socket.
peer-idle-close-no-fin = This capture has no FIN of { $peer }, and an idle limit of { $peer } would end the connection with a FIN.
peer-idle-close-other-first = { $local } closed first, and an idle limit of { $peer } would end the connection with { $peer }'s own FIN.
peer-idle-close-half-close = { half-close }, which no idle limit does.
peer-idle-close-age-unknown = { $peer } closed with a FIN. The capture does not show the last data before that, so it is unknown for how long the connection had been without data.
peer-idle-close-after-exchange = { $peer } closed only { $age } after the last data: this is the end of an exchange, not of a silence.
peer-idle-close-after-handshake = { $peer } closed only { $age } after the handshake: no silence came before.
peer-idle-close-probes-answered = { $peer }'s kernel answered keep-alive probes until the close. Probes carry no data, so they do not refresh an application's idle limit.
peer-idle-close-same-age = { $peer } closed { diag-others } after the same time without data, at other times.
unheard = { $who } sent no data for { $silence } before the close, longer than ever before, while { $other } sent { $messages ->
    [one] one message
   *[other] { COUNT($messages) } messages
}. A program that asks whether the other one still answers closes then.
stream-stopped = { $who } had sent data unasked for { $lasted }, with pauses of { $habit } at most, and then none for { $silence }. { $beats ->
    [0] Whether it had nothing more to send, its own log tells.
   *[other] It only answered { COUNT($beats) } messages of { $other } in that time. Whether it had nothing more to send, its own log tells.
}
silent-past-keepalive = { $who } said in its MQTT CONNECT (frame { $frame }) that it would send something at least every { $named }. { $is_seen ->
    [yes] It sent no data
   *[no] No data of it came
} for { $silence } before the close. An MQTT server closes when it has received nothing for one and a half times that long.
peer-idle-close-outlived = { $is_this ->
    [yes] This connection
   *[no] Another connection to { $service }
} outlived a longer silence, of { $rest }.
known-limit = { $who } ({ $source })
peer-idle-close-matches = The time without data equals the default of { $limits }{ $more ->
    [0] .
    [one] , and one more known default.
   *[other] , and { COUNT($more) } more known defaults.
} A match of numbers is no proof.
peer-idle-close-matches-unverified = The time without data equals { $limits ->
    [one] one known default, whose source was not checked.
   *[other] { COUNT($limits) } known defaults, whose sources were not checked.
} A match of numbers is no proof.
peer-idle-close-whole-seconds = The time without data is close to a whole number of seconds, as limits are. One close alone may be so by chance.
peer-idle-close-just-over-round = The time without data is just over a round one, as where a limit of that length ran out. One close alone may be so by chance.
peer-idle-close-rst-round = { $peer } ended the connection with an RST after { $idle } without data, which is just over a round time, or a limit of its service. It answers nothing. Whether { $peer } has such a limit, or a device on the path, the RST does not tell.
peer-idle-close-odd-age = The time without data is neither a known limit nor close to a whole number of seconds. One close alone does not tell why it came then.

# The peer's process ended.

peer-restart-not-its-close = { $peer } did not end the connection in this capture.
closed-together = { $service } closed { COUNT($closes) } connections within { $within }, this one among them.
closed-together-after = { $service } closed { COUNT($closes) } connections within { $within }, this one among them. They had been without data for { $youngest } to { $oldest }. { $cause ->
    [event] They have the moment in common, not the age: a process ended, or a relay switched to another backend.
    [pair] They have the moment in common, not the age: no idle limit closed both. A process that ended does this, and so does a program that closes one for the sake of the other.
    [limit] The age is what they have in common, more than the moment: an idle limit.
   *[either] This tells neither for one moment nor for one age: a process that ended does this, and so does an idle limit.
}
peer-restart-others-went-on = { $service } went on with { diag-others } after it had ended this one.
peer-restart-none-together = { $service } ended no other connection at that time.

# The peer's host was frozen or gone.

host-frozen-there-answered-all = { $peer } answered every keep-alive probe and all data.
host-frozen-there-nothing-unanswered = Nothing that was sent to { $peer } went unanswered.
host-frozen-there-silent-elsewhere = { $peer }'s host answered nothing on { diag-others } at that time either.
host-frozen-there-clock-stood = The timestamp clock of { $peer } went on by only { $went_on } in { $gap }: its host stood still in that time.
host-frozen-there-late-answer = { $peer } took { $delay } for its first answer after that; it usually takes { $usual }.
host-frozen-there-next-answered = { $peer } answered what came next at once, and never answered these. A host that had stood still answers them late.

# A device on the path closed the connection.

middlebox-close-goes-on = { $who } goes on sending after the RST in its name.
middlebox-close-early-rst = The RST answers a keep-alive probe { $age } after the FIN. A Linux kernel with default settings would still acknowledge the probe (tcp_fin_timeout, 60 s): the side that closed has a shorter limit, ran out of time-wait buckets, or is a proxy.
middlebox-close-nothing-to-compare = The capture has no earlier frames of its sender to compare the closing frame with.

# Probes that were due were not sent.

probe-not-sent-no-keepalive = This capture has no keep-alive probe of { $local } on this connection.
probe-not-sent-all-sent = { $local } sent every keep-alive probe that was due.
probe-not-sent-gap = { $gap } By then the first probe had been due for { $overdue }.
probe-not-sent-none-made = The packet counter of { $local } shows that its kernel made no packet in that time.
probe-not-sent-none-arrived = The packet counter of { $peer } did not move in that time: no probe arrived at { $peer }.
probe-not-sent-capture-ran = The capture has frames of the other connections of { $local }'s host from all that time.
probe-not-sent-switched-off = No probe of { $local } came after the gap. An application that has switched keep-alive off (SO_KEEPALIVE) looks the same.
probe-not-sent-capture-may-lack = Nothing shows that the capture lost no frames in that time.
probe-not-sent-taken-at-peer = The capture was taken at { $peer }: a probe that was sent and lost on the way looks the same.
probe-not-sent-place-unknown = Nothing proves that the capture was taken at { $local }: a probe that was sent and lost on the way looks the same.

# The local host was frozen.

host-frozen-here-no-stretch = The capture has no stretch of time in which { $local }'s host could be judged.
host-frozen-here-nobody-probed = No other connection of { $local }'s host was probing, so nothing speaks for or against a frozen host.
host-frozen-here-alone = No other connection of { $local }'s host was probing, so a frozen host and one lost timer look the same.
host-frozen-here-others-on-time = { diag-others } of { $local }'s host sent { diag-probes } on time in the { $span } around the close.
host-frozen-here-others-probed = { diag-others } of { $local }'s host went on probing in that time.
host-frozen-here-stood = { $local }'s host stood still for { $silence }: it sent no frame on any captured connection, { $none_made ->
    [yes] its packet counter shows that its kernel made no packet,
   *[no] {""}
} and its overdue keep-alive probes left at once after that.
host-frozen-here-others-missed = { diag-others } of { $local }'s host missed keep-alive intervals in the same time.
host-frozen-here-sent-meanwhile = { diag-others } of { $local }'s host missed keep-alive intervals as well, but the host sent frames in that time: its longest silence is { $silence }.
host-frozen-here-longest-silence = In that time, the longest stretch without a frame of { $local }'s host is { $silence }.
host-frozen-here-timers-ran-on = After the gap the keep-alive probes came at the times at which they would have come without it: the timers of { $local }'s host had run on. The missing probes did not reach the capture, or the capture lacks frames.
host-frozen-here-silent = { $local }'s host sent no frame on any captured connection for { $silence }.
host-frozen-here-overdue = { $probes ->
    [one] One overdue keep-alive probe
   *[other] { COUNT($probes) } overdue keep-alive probes
} left within { $within } of the end of that silence, as they do after a host stood still.
host-frozen-here-capture-stood = A capture that stood still for that time looks the same.
host-frozen-here-place-unknown = Nothing proves that the capture was taken at { $local }: a path that was down looks the same.

# The capture lost frames.

capture-loss-bytes-are-there = Every acknowledged byte is in this capture. Lost ACKs and probes may not show.
capture-loss-nothing-missing = Every acknowledged byte is in this capture, and no packet counter has a gap. Lost ACKs and probes may not show.
capture-loss-answers-made = The packet counter of { $who } went on by { diag-packets } in that time: { $who } answered something that is not in this capture.

# The peer's application did not read or answer.

peer-stalled-replied = No request of the local end was left without a reply.
peer-stalled-not-acknowledged = Nothing shows that the last data arrived at { $peer }.
peer-stalled-no-reply-due = The last data needed no reply, or had waited for too short a time to say that none would come.
peer-stalled-no-reply = The kernel of { $peer } acknowledged the data of { $local } in frame { $frame }, and { $peer } sent no data after it for { $waited }, { $given_up ->
    [yes] until { $local } gave up
   *[no] until the connection or this capture ended
}.
peer-stalled-asked-again = { $again ->
    [one] { $local } sent one more message after it of a kind that { $peer } had always replied to, and got no reply.
   *[other] { $local } sent { COUNT($again) } more messages after it of a kind that { $peer } had always replied to, and got no reply.
}
peer-stalled-fin-ignored = The kernel of { $peer } acknowledged the FIN of { $local } as well, and the application of { $peer } neither answered nor closed its side.
peer-stalled-closed-promptly = { $peer } closed its side soon after the FIN of { $local }: its application read the connection, and may have owed nothing.
peer-stalled-log-timed-out = The log says that the wait for the reply timed out.
peer-stalled-kernel-silent = The kernel of { $peer } did not answer the keep-alive probes, and needs no application for that: what was silent was more than the application.
peer-stalled-replied-later = { $peer } sent its next data { $waited } after that request (frame { $frame }). By then { $local } had closed its side, { $closed } before: the program of { $peer } was slow, and it did not hang for good.
peer-stalled-greeting = It is the first message of TLS, which each server answers before anything else, if only with an alert.
peer-stalled-habit = { $peer } had answered { COUNT($turns) } requests on this connection before, each within { $habit }.
peer-stalled-may-owe-nothing = Whether { $peer } owed a reply cannot be told from this capture.
window-asks-unanswered = { $who } closed its receive window (frame { $frame }). After that, { $other } asked { COUNT($asks) } times within { $lasted } whether it was open again, and got no answer. A kernel answers such a question whatever its program does.
unread-by-both = The windows of both sides stayed closed, that of { $first } first. Each program may have waited for the other one to read.
peer-stalled-window-closed = { $peer } closed its receive window (frame { $frame }) and did not open it again for { $lasted }, while { $asks ->
    [0] nobody asked
    [one] one segment of the other side asked
   *[other] { COUNT($asks) } segments of the other side asked
} for it: the application of { $peer } did not read.
stalled-kernel-has-it = The kernel at the other end took part to the end, so the path worked and the host ran.
objection-request-lost = The request was lost on the way.
objection-path-down = The path was down, and the host at the other end was fine.

# A request crossed the peer's close.

close-race-no-fin = { $peer } did not close with a FIN in this capture.
close-race-own-fin = { $local } closed first.
close-race-nothing-crossed = No data of { $local } was on its way when the FIN came.
close-race-crossed = { $local } sent data (frame { $frame }) that crossed the FIN of { $peer } (frame { $fin }) on the way, { $apart } apart in this capture: neither end had the other one's segment when it sent its own.
close-race-taken = { $peer } acknowledged the data all the same: it had closed one direction only.
close-race-no-answer = This capture does not show what became of the data.
close-race-refused = { $peer } refused the data with an RST (frame { $frame }): the request was lost, and the application at { $peer } never had it.

# Large packets do not pass.

mtu-verdict = Large packets did not pass the path, and small ones did.
mtu-no-data = The capture has no data that was acknowledged, so nothing shows which sizes pass.
mtu-largest-passed = The largest segment in that direction that is known to have passed has { $octets } bytes of data.
mtu-as-large-passed = A segment as large had passed before ({ $octets } bytes of data), so its size was not what kept it.
mtu-sent-again = { $who } sent { $octets } bytes of data (frame { $frame }) again { sent-again } within { $lasted }, and they were never acknowledged.
mtu-hole = { $octets } bytes of { $who } never came, although later ones did, and the hole was open for { $lasted }.
mtu-perhaps = No segment of { $who } with more than { $largest } bytes of data arrived, so large packets may not pass the path.
mtu-not-heeded = { $told } After that, { $who } sent { $octets } bytes of data (frame { $frame }) again as before: the message did not reach its host, or the host did not act on it.
mtu-small-not-shown = { $other } was heard meanwhile, which shows the way back only: whether small segments of { $who } arrived, this capture does not show.
mtu-no-message = No ICMP message in this capture can be told to say that a packet of this connection is too large: no device sent one, it was filtered on the way, or it quotes too little of the packet.
mtu-small-pass = Meanwhile { $small ->
    [one] one small segment of { $who } passed
   *[other] { COUNT($small) } small segments of { $who } passed
}: the path and the host were up.

# A device forgot the idle connection.

idle-forgotten-no-silence = No segment that followed a silence was dropped or refused.
idle-forgotten-outlived = The connection had outlived a silence of { $silence } before.
idle-forgotten-reset = No frame of the connection passed for { $silence }; the first segment after that (frame { $frame }, of { $who }) drew an RST (frame { $reset }).
idle-forgotten-dropped = No frame of the connection passed for { $silence }; the first segment after that (frame { $frame }, of { $who }) was sent again { sent-again }, and nothing came back.
idle-forgotten-others-open = A new connection to the host of { $peer } opened at that time: the path worked, and the host ran.
idle-forgotten-arrived = The capture was taken at { $peer }, and has it: no device on the path kept it.
idle-forgotten-all-silent = The host of { $local } was silent on all its connections for these { $silence }. It may have had nothing to send, stood still or been asleep, and the capture may have been interrupted: this capture does not show which.
idle-forgotten-or-gone = Whether a device had forgotten the connection or { $peer } was gone cannot be told: both look the same.
idle-forgotten-or-socket-gone = A device that had forgotten the connection and a host that no longer had it look the same.
# The clocks of the two hosts and the capture's.

clock-stood = The timestamp clock of { $who }'s host ({ $host }) went { $lasted } less far than this capture's clock between frames { $first } and { $last }, and the clock of { $other } kept up with the capture's: { $who }'s host stood still for { $lasted }.
clock-stood-with-capture = By the timestamps of { $other }, { $lasted } more passed between frames { $first } and { $last } than the { $passed } of this capture's clock, and the clock of { $host } agrees with the capture's: { $who }'s host stood still for { $lasted }, and the capture with it.
clock-burst = { $who }'s host took in at once what { $other } had sent one after the other: by the timestamps of { $other }, its { $frames } frames were made over { $made }, and they came in within { $within }.
clock-was-set = Between frames { $first } and { $last } the timestamps of both hosts went { $by } less far than this capture's clock: that clock was set forward, and no probe was missing.
clock-only-one = But a capture that stood still with { $local }'s host has those probes on time as well, and no timestamps of another host show that time went on.
clock-of-the-peer-agrees = The timestamp clock of { $peer } went on as this capture's clock did, so the capture did not stand still with { $local }'s host.
packets-made-none = The packet counter of { $who } went on by one: its kernel made no packet in that time, not even one that was dropped.

# What devices say by ICMP.

refused-by-device = The device { $device } did not pass on { $count ->
    [one] a segment
   *[other] { COUNT($count) } segments
} of { $sender } and said why: { $reason ->
    [net_unreachable] it has no way to that network
    [host_unreachable] it cannot reach that host
    [protocol_unreachable] that protocol is not spoken there
    [port_unreachable] that port is not reachable
    [hops_exceeded] the packet had passed too many routers
   *[prohibited] a rule of a firewall forbids it
} (ICMP type { $icmp_type }, code { $icmp_code }).

refused-for-size = The device { $device } said of { $count ->
    [one] a segment
   *[other] { COUNT($count) } segments
} of { $sender } that it is larger than the next link takes{ $mtu ->
    [0] {""}
   *[other] , which is { $mtu } bytes
} (ICMP type { $icmp_type }, code { $icmp_code }).

# The next hop on the link.

next-hop-silent = { $local }'s host asked { COUNT($requests) } times within { $lasted } for the hardware address of { $is_peer ->
    [yes] { $target }, the peer itself,
   *[no] { $target }, the next hop on its link,
} and got no answer.
next-hop-host-ran = { $local }'s host ran in that time: it asked for the hardware address of the next hop again and again.
next-hop-nothing-reached = Nothing shows whether { $peer }'s host ran: what was sent to it got no further than the link.
next-hop-holds-probes = A kernel holds back what it sends until the next hop ({ $target }) has answered, and drops it when the next hop does not answer: no probe could leave.
