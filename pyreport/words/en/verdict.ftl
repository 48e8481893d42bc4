# The verdict: what happened to the connection, what decided it, and the strongest objection.

# How often something was sent again.
sent-again = { $repeats ->
    [1] once
    [2] twice
   *[other] { COUNT($repeats) } times
}

## Keep-alive

keepalive-gap = { $intervals ->
    [one] one keep-alive interval
   *[other] { COUNT($intervals) } keep-alive intervals
} of { $who } went by without a probe before frame { $frame }.
keepalive-gap-to-the-end = { $intervals ->
    [one] one keep-alive interval
   *[other] { COUNT($intervals) } keep-alive intervals
} of { $who } went by without a probe after frame { $frame }, up to the end of the capture.
keepalive-gap-after = { $intervals ->
    [one] one keep-alive interval
   *[other] { COUNT($intervals) } keep-alive intervals
} of { $who } went by without a probe after frame { $frame }.
keepalive-gaps = { COUNT($intervals) } keep-alive intervals of { $who } went by without a probe, in { COUNT($gaps) } gaps; the first gap is { $after ->
    [yes] after
   *[no] before
} frame { $frame }.
keepalive-answers-late = { $late ->
    [one] one keep-alive answer of { $who } came only after the next probe had been sent, after { $longest }: it was held back on the way or at its host, and not lost.
   *[other] { COUNT($late) } keep-alive answers of { $who } came only after the next probe had been sent, after up to { $longest }: they were held back on the way or at its host, and none was lost.
}
keepalive-gap-no-cause = { $gap } This is a separate fault, not the cause of the close.
keepalive-gap-apart = { $gap } This is a separate fault.
keepalive-not-sent-or-lost = These probes were not sent, or they were lost before they reached this capture.
keepalive-next-due = No keep-alive probe was missing: the next one was due { $margin } after the close.
keepalive-missing-closes-nothing = A missing probe does not make the other side close: the receiver of probes keeps no timer for them (RFC 1122 section 4.2.3.6), and a prober that gives up sends an RST of its own.

# Whether intervals went by without a probe, at the end of a sentence about the probes.
keepalive-intervals = { $missed ->
    [0] { $rested ->
        [yes] whether an interval was missed cannot be told, as for a while the capture has no frame of anybody
       *[no] no keep-alive interval was missed
    }
    [one] one keep-alive interval went by without a probe
   *[other] { COUNT($missed) } keep-alive intervals went by without a probe
}
# Which probes are counted.
keepalive-counted = { $closed ->
    [yes] of { $who } before the close
   *[no] of { $who }
}
keepalive-answered = { $sent ->
    [1] The one keep-alive probe { keepalive-counted } was answered; { keepalive-intervals }.
    [2] Both keep-alive probes { keepalive-counted } were answered; { keepalive-intervals }.
   *[other] All { COUNT($sent) } keep-alive probes { keepalive-counted } were answered; { keepalive-intervals }.
}
keepalive-stand-in = { $answers ->
    [one] One of the { COUNT($of) } answers
   *[other] { COUNT($answers) } of the { COUNT($of) } answers
} to keep-alive probes in the name of { $who } do not look like its other packets: { $by ->
    [timestamp] they lack the timestamp option, which the others carry
   *[hop_limit] they came with { diag-ttl } { $limit }, the others with { $usual }
}. A device on the path may have given them. They do not prove that the host and the program behind it were alive.
keepalive-unanswered = { $sent ->
    [1] The one keep-alive probe { keepalive-counted } got no answer; { keepalive-intervals }.
   *[other] { COUNT($unanswered) } of the { COUNT($sent) } keep-alive probes { keepalive-counted } got no answer; { keepalive-intervals }.
}
keepalive-cut-off = { $answered ->
    [0] The capture does not tell whether the last keep-alive probe { keepalive-counted } was answered; { keepalive-intervals }.
    [one] One keep-alive probe { keepalive-counted } was answered, and the capture does not tell whether the last one was; { keepalive-intervals }.
   *[other] { COUNT($answered) } keep-alive probes { keepalive-counted } were answered, and the capture does not tell whether the last one was; { keepalive-intervals }.
}
keepalive-without-answer = { $unanswered ->
    [one] one keep-alive probe
   *[other] { COUNT($unanswered) } keep-alive probes
} of { $who } got no answer (up to frame { $frame }).
keepalive-answered-again = { $unanswered ->
    [one] one keep-alive probe
   *[other] { COUNT($unanswered) } keep-alive probes
} of { $who } got no answer (up to frame { $frame }); later probes were answered again.
keepalive-answers-stopped = { $probes ->
    [one] { $who } stopped answering: the last keep-alive probe of { $other } in this capture got no answer.
   *[other] { $who } stopped answering: the last { COUNT($probes) } keep-alive probes of { $other } in this capture got no answer.
}
keepalive-setting-changed = { $again ->
    [yes] From frame { $frame } on, { $who }'s kernel sent one every { $after }: its setting was changed again.
   *[no] { $who }'s kernel sent one keep-alive probe every { $before }, and from frame { $frame } on one every { $after }. The new gaps agree with each other: the setting was changed, and no probe was missed.
}
keepalive-silence-to-the-end = Keep-alive probes got no answer up to the end of the capture.

## A FIN closed the connection

close-by = { $first ->
    [yes] { $who } closed the connection first (FIN, frame { $frame }).
   *[no] { $who } closed the connection (FIN, frame { $frame }).
}
close-after-data = { $first ->
    [yes] { $who } closed the connection first (FIN, frame { $frame }), { $idle } after the last data.
   *[no] { $who } closed the connection (FIN, frame { $frame }), { $idle } after the last data.
}
close-after-data-two-clocks = { $first ->
    [yes] { $who } closed the connection first (FIN, frame { $frame }), { $idle } after the last data by its own timestamps. By this capture's clock, { $capture } passed.
   *[no] { $who } closed the connection (FIN, frame { $frame }), { $idle } after the last data by its own timestamps. By this capture's clock, { $capture } passed.
}
close-after-capture-start = { $first ->
    [yes] { $who } closed the connection first (FIN, frame { $frame }).
   *[no] { $who } closed the connection (FIN, frame { $frame }).
} { $sent } bytes of it came with the FIN. The capture begins { $since } before the FIN and has no other data of the connection until then.
close-after-farewell = { $first ->
    [yes] { $who } closed the connection first (FIN, frame { $frame }), { $idle } after the last exchange; a farewell of { $sent } bytes went with the FIN.
   *[no] { $who } closed the connection (FIN, frame { $frame }), { $idle } after the last exchange; a farewell of { $sent } bytes went with the FIN.
}
close-after-handshake = { $first ->
    [yes] { $who } closed the connection first (FIN, frame { $frame }), { $idle } after the handshake.
   *[no] { $who } closed the connection (FIN, frame { $frame }), { $idle } after the handshake.
} { $sent ->
    [0] Until then, it had sent and received no data.
   *[other] Until then, it had sent and received no data. A farewell of { $sent } bytes went with the FIN.
}
close-with-data = { $first ->
    [yes] { $who } closed the connection first (FIN, frame { $frame }), together with the last data.
   *[no] { $who } closed the connection (FIN, frame { $frame }), together with the last data.
}
close-one-of-many = { $who } ended { COUNT($closes) } connections within { $within }, this one among them ({ $close ->
    [fin] FIN
   *[rst] RST
}, frame { $frame }).
close-of-any-age = The connections had been without data for { $youngest } to { $oldest }. They have the moment in common, not the age: a process ended, or a relay switched to another backend.
close-first-segment = The first segment that closes anything is the FIN of { $who }.
close-crossed = { $other } had closed, too, when the FIN of { $who } got there: its own FIN (frame { $frame }, { $apart } later in this capture) does not acknowledge it. The FINs crossed on the way, so neither side closed because the other did.
close-unseen-fin = Frame { $frame } of { $who } acknowledges one byte of { $other } that this capture lacks. A FIN counts as one, so { $other } may have closed first: which side did cannot be told.
close-first-doubted = { $doubt ->
    [unseen_bytes] The first FIN in this capture is that of { $who }. Whether it came first cannot be told: the last bytes of the other side are not in the capture, and its FIN may have been among them.
    [unseen_peer] The first FIN in this capture is that of { $who }. Whether it came first cannot be told: nothing that the other side sent before it is in the capture.
   *[other] The first FIN in this capture is that of { $who }. Whether it came first cannot be told: { $doubt }.
}
close-orderly = This was an orderly close, and nothing broke.
close-ended-by-rst = { $who } then ended the connection with an RST (frame { $frame }).
close-answered = { $who } then closed its side as well, and nothing broke.
close-not-answered-yet = { $who } had not closed its side yet when the capture ended, and nothing broke in it.
close-left-alone = { $who } had not closed its side { $kept } after the FIN, when the capture ended.
close-by-local-end = The local end itself ended the connection.
close-left-its-host = The capture was taken at { $who }, and the closing frame left there.
close-left-host-of-both = The capture was taken on the host of both ends, and the closing frame left there.

## After the FIN

fin-acknowledged = The kernel of { $who } acknowledged the FIN after { $delay }.
fin-not-acknowledged = This capture has no acknowledgment of { $who }'s FIN, so nothing shows that the FIN arrived at { $other }.
fin-sent-again = { $who } sent its FIN again { sent-again }, and { $other } never acknowledged it.
fin-unnoticed = The application of { $who } did not close its socket for at least { $least } after the FIN.
fin-unnoticed-until-log = The application of { $who } did not close its socket for at least { $least } after the FIN: its log shows that it still used the socket then.
fin-write-after = { $who } wrote data { $after } after the FIN (frame { $frame }).
fin-refusal-after = { $kind ->
    [probe] { $who } answered the keep-alive probe of { $other } (frame { $cause }) with an RST (frame { $frame }).
   *[write] { $who } answered the data of { $other } (frame { $cause }) with an RST (frame { $frame }).
}
fin-refusal-in-the-name = { $kind ->
    [probe] An RST in the name of { $who } (frame { $frame }) answered the keep-alive probe of { $other } (frame { $cause }).
   *[write] An RST in the name of { $who } (frame { $frame }) answered the data of { $other } (frame { $cause }).
}
fin-refusal-elsewhere = The RST in frame { $frame } has { diag-ttl } { $ttl }; the other frames of { $who } have { $usual }. So a device on the path may have sent it.
fin-socket-dead = From then on the socket of { $who } was dead: a later write fails inside the host, and no packet shows it.

## Replies

reset-perhaps-unread = Nothing came from { $who } after the data of frame { $last }, which it had received: a program that closes without having read all that came sends such an RST.
reset-others-not-all = { COUNT($others) } other connections to { $service } drew an RST as well, all within { $within }, and { $alive ->
    [one] another one that was open then went on (frame { $frame }): the
   *[other] { COUNT($alive) } that were open then went on (frame { $frame } and others): the
} host did not restart, and its address did not move.
silent-elsewhere-too = { COUNT($hosts) } other hosts stopped answering { $who }'s host as well, all within { $within }: what they have in common is a path or a place, not a program.
reset-answered-too-late = { $who } had sent its data again { sent-again } without an answer. The answer of { $other } came { $after } after the first copy (frame { $frame }), when the socket of { $who } was gone: its kernel had given the data up, as it does after too many copies or at TCP_USER_TIMEOUT, or its program had closed the socket.
reset-no-such-connection = The RST has no ACK: so does a host refuse that does not have the connection. On this connection, { $who } had last spoken { $ago } before (frame { $frame }). If so, since then its socket closed and the FIN or RST for that is not in this capture, its host restarted, another host took its address, or a device sent the packet elsewhere.
reset-of-the-handshake = The RST has no ACK: so does a host refuse that does not have the connection. The SYN-ACK in the name of { $who } had come { $ago } before (frame { $frame }). If so, either the queue of connections of { $who } was full (net.ipv4.tcp_abort_on_overflow), or a device on the path had answered the SYN in its place.
hole-heard-all-along = { $sender } was heard { NUMBER($heard) } times after that, for { $lasted }, and its full segments had passed before.
data-made-good = The connection stood still for { $took }: { $who } sent the data of frame { $frame } again { sent-again } before { $other } acknowledged it.
reset-elsewhere-too = { COUNT($hosts) } other hosts refused data of { $who }'s host in the same way, all within { $within }. A common cause on the side of { $who } is likely: a device that translates addresses lost its table, the address of { $who } changed on the way, or its host had been asleep.
reset-others-too = { COUNT($others) } other connections to { $service } drew an RST as well, all within { $within }. A common cause is likely: the host restarted, its address moved to another host, or a device on the path lost its table of connections.
lost-at-a-stroke = { COUNT($count) } connections with { $peer } { $services ->
    [1] { "" }
   *[other] (to { COUNT($services) } of its services){ " " }
}ended alike: it had still spoken on each up to frame { $last }, and from frame { $first } on, { $between } later, an RST answered what was sent on each. One event between these frames would explain them all: the host restarted, its address moved to another host, or a device on the path lost its table of connections.{ $opened ->
    [0] { "" }
   *[other] { " " }A new connection was accepted after that (frame { $opened }).
}
reset-behind-own-data = The data of frame { $last } was sent by { $who } itself. The RST may have taken this data from { $other } before the program there had read it. A program that closes without having read all that came sends such an RST.
waited-in-vain = The log line says that { $who } had waited for too long. The last data of { $other } came { $waited } before the close, in a full segment (frame { $last }), and messages seldom end with one. { $at_peer ->
    [yes] { $other } sent nothing after it.
   *[no] Whether { $other } sent nothing after it, or the path lost it, this capture does not tell.
}
reply-cut = The reply of { $who } that began in frame { $frame } was not whole when { $closer } closed: its header told of { $promised } bytes of body, and { $came } bytes had been sent.
reply-cut-chunked = The reply of { $who } that began in frame { $frame } was not whole when { $closer } closed: it is sent in chunks, and the last chunk was missing.
tls-parting = { $who } took its leave in TLS { $silence } after the last data (frame { $frame }, { $sure ->
    [yes] a closing alert
   *[no] by its length a closing alert
}) and sent no FIN, and { $other } still sent data { $after } later (frame { $write }): { $met ->
    [refused] it drew an RST.
    [taken] it was acknowledged and not replied to.
   *[nothing] nothing came back.
}
record-cut = The TLS record of { $who } that began in frame { $frame } was not whole when { $closer } closed: its header tells of { $promised } bytes, and the capture has { $came } of them. No part of a record can be used before all of it is there.
reply-came-too-late = The reply of { $other } came { $waited } after the request (frame { $frame }), later than any before it, and { $who } no longer took it. Whether { $who } had waited for it in between, this capture does not tell.
reply-outstanding = { $other } had not replied to the last data of { $who }, which was sent { $waited } before the close.
reply-may-be-owed = That may be so: the last data was sent by { $who } itself, { $waited } before the close.
reply-not-owed = The last data was sent by { $who }, { $waited } before the close, so no reply was outstanding then.
reply-no-data = No data of the connection is in this capture, so it does not tell.

## An RST ended the connection

reset-by = { $fins ->
    [none] { $who } reset the connection (RST, frame { $frame }), with no FIN before it.
    [half] { $who } reset the connection (RST, frame { $frame }). The other side had closed only its sending direction before (FIN), and still took data.
    [void] { $who } reset the connection (RST, frame { $frame }). A segment with FIN and without ACK came before it, which no side takes for a FIN.
   *[unseen] { $who } reset the connection (RST, frame { $frame }). Whether a FIN came before it cannot be told: the capture may lack one.
}
reset-in-the-name = { $fins ->
    [none] An RST in the name of { $who } (frame { $frame }) ended the connection, with no FIN before it.
    [half] An RST in the name of { $who } (frame { $frame }) ended the connection. The other side had closed only its sending direction before (FIN), and still took data.
    [void] An RST in the name of { $who } (frame { $frame }) ended the connection. A segment with FIN and without ACK came before it, which no side takes for a FIN.
   *[unseen] An RST in the name of { $who } (frame { $frame }) ended the connection. Whether a FIN came before it cannot be told: the capture may lack one.
}
reset-answers = { $what ->
    [data] The RST answers data (frame { $cause }).
    [probe] The RST answers a keep-alive probe (frame { $cause }).
    [fin] The RST answers a FIN (frame { $cause }).
    [own_data] The RST answers nothing: its sender gave up its own data (frame { $cause }), which it had sent again and which nobody acknowledged.
   *[ack] The RST answers an ACK (frame { $cause }).
}
reset-answers-too-soon = { $what ->
    [data] The RST came { $delay } after data (frame { $cause }), sooner than the host that it names can answer: the least round trip to that host is { $least }.
    [probe] The RST came { $delay } after a keep-alive probe (frame { $cause }), sooner than the host that it names can answer: the least round trip to that host is { $least }.
    [fin] The RST came { $delay } after a FIN (frame { $cause }), sooner than the host that it names can answer: the least round trip to that host is { $least }.
   *[ack] The RST came { $delay } after an ACK (frame { $cause }), sooner than the host that it names can answer: the least round trip to that host is { $least }.
}
reset-cause-not-captured = What the RST answers, if anything, would be in the other direction, which was not captured. It came { $idle } after its sender's segment before it.
reset-answers-nothing = The RST answers nothing: it came { $age } after the last data (frame { $last }) and { $idle } after the segment before it.
reset-answers-nothing-after = The RST answers nothing: it came { $idle } after the segment before it.
reset-first-segment = { $fins ->
    [none] The first segment that ends anything is an RST; no FIN came before it.
    [half] The first segment that ends both directions is an RST. The FIN before it closed one of them.
    [void] The first segment that ends anything is an RST. A segment with FIN and without ACK came before it, which no side takes for a FIN.
   *[unseen] The first segment that ends anything is an RST; the capture does not tell whether a FIN came before it.
}
reset-after-copies = { $who } had sent that data again { sent-again } within { $lasted }, and only the last copy was answered, by the RST. A host of { $other } that was down or cut off until then, and does not know the connection any more, answers so.
reset-may-follow-a-fin = { $who } may have closed before this capture began: a socket that had closed refuses what comes with the same RST.
reset-bare = The RST has no TCP options and a window of 0. A host that does not have the connection (any more) sends such an RST, and so may a device on the path: the RST does not tell who sent it.
reset-by-kernel = The kernel of { $who } gave the connection up and reset it (RST, frame { $frame }).
reset-by-prober = { $who } ended the connection itself (RST, frame { $frame }).
reset-after-silence = { $probes ->
    [one] One probe got no answer, and then the prober sent its own RST.
   *[other] { COUNT($probes) } probes got no answer, and then the prober sent its own RST.
}
silent-side-came-back = { $who } went on with the connection { $after } after that (frame { $frame }): its host still had the connection, so it had not restarted. It was cut off until then, or it had stood still or been asleep.
untranslated = Frame { $frame } has the numbers of this connection, as if { $other } had sent it, and comes from { $source }: a translator on the path (NAT) { $port ->
    [yes] gave it another port
   *[no] did not translate it
}, and { $who } refused it (RST, frame { $refusal }).
refused-and-accepted = An RST in the name of { $who } (frame { $frame }) refused the connection, and { $who } accepted it (frame { $accepted }).
reset-that-ended-nothing = An RST in the name of { $who } (frame { $frame }) did not end the connection.

## Open to the end of the capture

open-to-the-end = Nothing closed the connection in this capture.
open-unbroken = { $answered ->
    [yes] Nothing broke on this connection while it was captured: it has no FIN and no RST, and nothing went unanswered.
   *[no] Nothing broke on this connection while it was captured: it has no FIN and no RST.
}
open-end-not-shown = This capture does not show how the connection ended: its last frame here is { $last }, and no FIN or RST up to there ended it.
host-frozen = The host of { $who } did not run for a while.
host-frozen-elsewhere = The same happened on other connections of this host.

## What "healthy" takes: each condition with its proof, or why it does not hold

health-both-directions = The capture has the frames of both sides.
health-one-direction = The capture has no frame of { $silent }.
health-acknowledged = All data in this capture was acknowledged, but for what was on its way at its end.
# $what is what waits: data, or the SYN or SYN-ACK that opens the connection.
health-not-acknowledged = { $what ->
    [opening] The SYN of { $who } (frame { $frame })
   *[data] The data of { $who } in frame { $frame }
} was not acknowledged in the { $waited } that the capture goes on.
health-no-capture-hole = The capture has no gap in time that would matter here.
health-no-hole = No data is missing between what came and what came later.
health-hole = { $octets } bytes of { $who } are missing: later data came, and these never did.
health-wrote-after-own-fin = { $who } sent data in frame { $frame } after its own FIN, which no TCP does: one of the two frames is not what it seems.
health-no-reset = No RST came.
health-reset-took-nothing = The RST (frame { $frame }) took no data with it: all of it had been acknowledged.
health-reset-took-data = The RST of { $who } (frame { $frame }) came before the data of frame { $lost } was acknowledged: that data is lost.
health-replied = No request is without a reply.
health-flows = No side that had sent data all along fell silent.
health-was-used = The server did not close the connection before anything was said on it.
health-closed-unused = { $who } closed the connection (frame { $frame }) before either side had sent any data: it may have turned the other end away, or have waited for it in vain.
health-reply-not-owed = The last data (frame { $frame }) has no reply, and none was due yet, or none is usual on this connection.
health-no-reply = The data of { $who } in frame { $frame } had no reply of { $other } for { $waited }; { $turns ->
    [0] the connection shows no earlier reply
   *[other] the longest reply on this connection took { $habit }
}.
health-heard = No side closed after it had sent data again and again without any reply.
health-window-open = No receive window stayed closed.
health-window-closed = The receive window of { $who } was closed from frame { $frame } on, for { $lasted }, and did not open again.
window-reopened = The receive window of { $who } was closed for { $lasted } (from frame { $first } to frame { $last }), and then opened again: its application did not read in that time.
health-probes = No keep-alive interval was missed, and no run of keep-alive probes went unanswered.
health-open = The connection was open when the capture ended.
health-closed-in-order = The connection ended with a FIN, in order.
health-ended-by-reset = An RST (frame { $frame }) ended the connection, not a FIN of both sides.
health-fin-not-acknowledged = The FIN of { $who } (frame { $frame }) was never acknowledged.

## An RST of which its receiver took no notice

reset-not-taken = { $who } took no notice of the RST (frame { $reset }): { $after } later it still sent data or a FIN (frame { $first }{ $count ->
    [one] {""}
   *[other] {""}, { COUNT($count) } segments in all
}). The RST did not get to its kernel, or its kernel did not accept it.

## What an end said before the close

goaway = { $who } said before that it would end the connection (HTTP/2 GOAWAY, { $error }, frame { $frame }).
goaway-said = Its reason: “{ $said }”.
# $form is the protocol, $code and $said are what it has for a code and a text.
last-words = { $who } said why before the close (frame { $frame }): “{ $said }”{ $form ->
    [http] {" "}(HTTP)
    [postgresql] {" "}(PostgreSQL, SQLSTATE { $code })
    [mysql] {" "}(MySQL, error { $code })
    [amqp] {" "}(AMQP connection.close, { $code })
    [mqtt] {" "}(MQTT DISCONNECT, { $code })
    [bgp] {" "}(BGP NOTIFICATION, { $code })
   *[line] {""}
}.
last-words-leave = { $who } had announced the close (frame { $frame }): “{ $said }”.
last-words-mean = { $why ->
    [idle] A time limit of { $who } on idle connections ran out.
    [unheard] { $who } had heard no sign of life from the other end for as long as it allows.
    [full] { $who } took no more connections.
   *[shutdown] The close was on purpose at that end: a shutdown, a restart, or an administrator who ended the session.
}
peer-idle-close-said-otherwise = { $peer } gave another reason (frame { $frame }): “{ $said }”.
peer-idle-close-said = { $peer } said itself that a time limit ran out (frame { $frame }): “{ $said }”.
peer-restart-said = { $peer } said that it was being ended (frame { $frame }): “{ $said }”.
goaway-too-many-pings = { $who } took the HTTP/2 PINGs of { $other } for too many (“{ $said }”). These are pings of HTTP/2, not keep-alive probes of TCP.

## The check of a monitor

health-check = { $who } opened the connection, sent nothing, and reset it at once (RST, frame { $frame }): this is how balancers and monitors look whether somebody listens. It is harmless.
health-check-once = { $who } opened the connection, sent nothing, and reset it at once (RST, frame { $frame }): a balancer or a monitor does so to see whether somebody listens, and so does a port scan. Nothing was lost.
health-check-asked = { $who } opened the connection, asked { $other } one short question, took the whole answer, and reset the connection at once (RST, frame { $frame }). Nothing was lost.
health-check-evenly = { $who } does so again and again: the capture has { COUNT($count) } such connections, each with a question of the same length, one every { $every } on average. This is how balancers and monitors look whether a service answers.
health-check-again = The capture has { COUNT($count) } such checks of this service, one every { $every } on average.

## No answer

opening-refused = An RST refused the SYN of { $who } (frame { $frame }).
opening-met-rst = An RST came behind the SYN of { $who } (frame { $frame }), and no connection was opened.
opening-rst-not-of-syn = This RST refuses no SYN: { $acks ->
    [yes] it acknowledges another number
   *[no] it acknowledges nothing
}, and a host on which nobody listens acknowledges the SYN (RFC 9293 section 3.10.7.1). { $again ->
    [yes] The kernel of { $who } did not take it either: it sent its SYN again.
   *[no] The kernel of { $who } does not take it for an answer.
} A device on the path, or what a host still had of an earlier connection, may have sent it.
opening-nobody-listens = Nobody listened on { $server } then, or its host or a device on the path refused the connection.
opening-unanswered-before = { $syns ->
    [one] One SYN before it, { $lasted } earlier, had got no answer.
   *[other] { COUNT($syns) } SYNs before it, within { $lasted }, had got no answer.
}
opening-other-accepted = { $server } accepted another connection { $apart } { $later ->
    [yes] later
   *[no] before
} (frame { $frame }).
opening-untranslated = A SYN-ACK with the number that the SYN of { $who } asks for came from another address, { $source } (frame { $frame }), and { $who } refused it (RST, frame { $refusal }).
opening-reset = The answer to the SYN is an RST.
opening-late = { COUNT($syns) } SYNs of { $who } got no answer; the connection opened { $took } after the first.
opening-unanswered = { $tries ->
    [1] { $who } asked for a connection once (SYN) and got no answer in this capture.
    [2] { $who } asked for a connection twice (SYN) and got no answer in this capture.
   *[other] { $who } asked for a connection { COUNT($tries) } times (SYN) and got no answer in this capture.
}
opening-not-completed = { $who } answered the SYN of { $other } { COUNT($tries) } times (SYN, ACK), and { $other } never acknowledged it: the connection was never complete.
opening-of-another = { $who } asked for a connection { $tries ->
    [1] once
    [2] twice
   *[other] { COUNT($tries) } times
} (SYN). In place of a SYN-ACK, { $other } answered with { $acks ->
    [1] an ACK
   *[other] { COUNT($acks) } ACKs
} that had the numbers of another connection: that end, or a device on the path, still has an earlier connection of the same addresses and ports.
opening-rst-not-heeded = { $who } refused that with an RST, which ends such a connection where it arrives. It did not end the one of { $other }.
opening-port-used-again = The connection that { $who } had closed { $ago } before had the same ports.
opening-no-rst = { $who } did not refuse that with an RST, which would have ended such a connection. The ACKs did not reach its TCP, as where a filter on its host drops them, or its TCP sends no RST.
opening-refused-too-soon = The RST came { $took } after the SYN. { $answers ->
    [one] Another answer of that host to a SYN took { $least }
   *[other] The quickest of { COUNT($answers) } other answers of that host to a SYN took { $least }
}: a device nearer than the host { $sure ->
    [yes] most likely refused
   *[no] may have refused
} the connection.
opening-no-answer = This capture has no answer to the SYN.
data-never-acknowledged = { $who } sent the data of frame { $frame } again { sent-again } within { $lasted }, and { $other } did not acknowledge it.
data-given-up-by-fin = Then { $who } gave the connection up (FIN, frame { $frame }).
data-given-up-by-reset = Then { $who } gave the connection up (RST, frame { $frame }).
data-sent-again = The same segment was sent again and again, and nothing acknowledged it.
silence-looks-the-same = In this capture, a host that is down and a path that lets nothing through look the same.
silence-without-path = The capture was taken on the host of both ends, so there is hardly a path.

## A device on the path

device-may-have-sent-it = So a device on the path may have sent this frame.
device-or-filter = The socket of { $who } did not send this frame. A device on the path sent it, or a packet filter of { $who }'s host, as the frame has the hop limit of that host.
reset-by-own-filter = The RST left the host of { $who }, where the capture was taken, and the socket of { $who } went on. A packet filter of that host (REJECT) sent the RST, or another program there.
device-not-excluded = Nothing in this capture excludes that. A capture at the other end decides.
device-not-excluded-by-that = That alone excludes no device.
device-partly-own = One thing in the frame speaks for that.
device-nothing-own = Nothing else in the frame says so.
device-capture-at-sender-tells = A capture on the host that is named as the sender decides.

## Objections

objection-keepalive-missing = { $who } closed because keep-alive probes were missing.
objection-device-sent-fin = A device on the path sent the FIN, not the end that it names as its sender.
objection-device-sent-rst = A device on the path sent the RST, not the end that it names as its sender.
objection-own-host-sent-it = The host that is named as the sender sent the frame itself, along another route.
objection-only-this-one = An idle limit or an operator closed this one connection.
objection-other-host-down = The host at the other end was down, and the path was fine.
objection-capture-stood-still = The capture stood still, not the host.
objection-no-reply = { $who } closed only because { $other } did not reply.

## Less sure

verdict-less-sure = The verdict is less sure than the frames alone would make it: { $why }
log-match-weak = { $by ->
    [local_time] The log line was matched by the local end and the time only, so it may be about another connection.
    [local_outcome] The log line was matched by the local end and the outcome only, so it may be about another connection.
    [remote_time] The log line was matched by the remote end and the time only, so it may be about another connection.
    [remote_outcome] The log line was matched by the remote end and the outcome only, so it may be about another connection.
    [port_time] The log line was matched by a port and the time only, so it may be about another connection.
    [port_outcome] The log line was matched by a port and the outcome only, so it may be about another connection.
    [time_outcome] The log line was matched by the time and the outcome only, so it may be about another connection.
    [outcome] The log line was matched by the outcome only, so it may be about another connection.
   *[ambiguous] Several connections fit the log line equally well, so it may be about another one.
}

## The log and the capture do not fit together

log-wants-fin = The log says “{ $error }”. Such an error needs a FIN before it, and this capture has no FIN of the connection: it may lack frames.
log-wants-fin-of-peer = The log says “{ $error }”, and the first FIN is the local end's own: the application wrote to a socket that it had shut down itself.
log-wants-rst-after-fin = The log says “{ $error }”. Such an error needs an RST after the FIN, and this capture has none: it may end too early.
log-wants-no-fin = The log says “{ $error }”. Such an error means an RST without a FIN, and this capture has a FIN first: the line is about another connection, or the error was logged late.
log-wants-rst = The log says “{ $error }”. Such an error needs an RST, and this capture has none of the connection: it may lack frames.
log-wants-rst-of-peer = The log says “{ $error }”, and the RST is the local end's own: the line is about another connection, or the wrong end was taken to be the local one.
log-wants-silence = The log says “{ $error }”. Such an error means that nobody answered, and this capture has a close: the line is about another connection, or about another time.
log-after-capture = The log line was written { $after } after the end of this capture. Check the time zone (--log-tz), and whether a later connection used the same two ends.
log-before-close = The log line was written { $before } before the first sign of a close. Check the time zone (--log-tz) and the clocks.
