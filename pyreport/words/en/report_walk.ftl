# The walkthrough, step by step, and the figure.

walk-syn-ack-again = { $who } sent its SYN-ACK again: it had not taken the acknowledgment of { $other }.
walk-end-of-handshake = This is the end of the handshake. Its start is not in the capture.
walk-opens = { $who } opened the connection.
walk-answers-for-another = In place of a SYN-ACK came an acknowledgment of { $who } that belongs to an earlier connection.
walk-asks-for-connection = { $who } asked for a connection (SYN).

walk-earlier = The steps up to here are not told one by one. { $probes ->
    [0] No keep-alive probe is among them.
    [one] One keep-alive probe is among them.
   *[other] { COUNT($probes) } keep-alive probes are among them.
}{ $missed ->
    [0] {""}
    [one] { " " }One keep-alive interval was missed in that time.
   *[other] { " " }{ COUNT($missed) } keep-alive intervals were missed in that time.
}
walk-last-data = These are the last data of the connection.
walk-data-both-ways = Data went back and forth.
walk-bytes-both-ways = { $who } sent { $sent } bytes, { $peer } { $received } bytes.
walk-bytes = { $who } sent { $sent } bytes.
walk-last-payload = The last payload came from { $who } (frame { $frame }).

walk-window-probes = { $count ->
    [one] { $who }'s kernel sent a window probe: it asked whether the receive window of { $other } was open again.
   *[other] { $who }'s kernel sent { COUNT($count) } window probes: it asked whether the receive window of { $other } was open again.
}
walk-window-opened = { $who } opened the window again (frame { $frame }).
walk-window-no-answer = No answer came.
walk-window-still-closed = { $count ->
    [one] It was not.
   *[other] It was not, each time.
}

walk-answer-alone = This is the answer to a keep-alive probe.
walk-probe = { $who }'s kernel sent a keep-alive probe.
walk-probes-steady = { $who }'s kernel sent { COUNT($count) } keep-alive probes, one every { $every }.
walk-probes-uneven = { $who }'s kernel sent { COUNT($count) } keep-alive probes, { $shortest } to { $longest } apart.
walk-probes-of-both = The kernels of { $who } and { $peer } sent { COUNT($count) } keep-alive probes.
walk-probes-after-fin = The kernel still probed because the application there had not closed its socket.
walk-probes-answered = { $count ->
    [one] The probe was answered.
   *[other] All of them were answered.
}
walk-probes-unanswered = { $count ->
    [one] The probe got no answer.
   *[other] None of them got an answer.
}
walk-probes-untold = { $count ->
    [one] Its answer would be in the other direction, which was not captured.
   *[other] Their answers would be in the other direction, which was not captured.
}
walk-answers-after-fin = The answer came from the other kernel. It says nothing about the application there.

walk-missed = { $who } missed { $count ->
    [one] one keep-alive interval.
   *[other] { COUNT($count) } keep-alive intervals.
}
walk-missed-until = A probe was due at this time, and none came until { $what ->
    [probe] the next probe ended the gap.
    [data] data ended the gap.
    [ack] an ACK ended the gap.
    [fin] a FIN ended the gap.
    [rst] an RST ended the gap.
   *[other] the gap ended.
}
walk-missed-to-the-end = A probe was due at this time, and none came until the end of the capture.

walk-silence-before = The segment before it had come { $idle } earlier.
walk-next-due = The next keep-alive probe was due { $margin } after the close.
walk-fin-repeated = { $count ->
    [one] The FIN was sent once.
    [2] The FIN was sent twice.
   *[other] The FIN was sent { COUNT($count) } times.
}
walk-fin-after-rst = { $who } sent a FIN after the RST.
walk-fin-again = { $who } sent its FIN again.
walk-answering-fin = { $who } closed its side of the connection as well (FIN).
walk-fin-acknowledged = The kernel of { $who } acknowledged the FIN.
walk-half-closed = The connection was now half-closed. The application of { $who } learns of the FIN only when it reads: it then gets end of file.
walk-bytes-written = { $sent ->
    [one] It was one byte.
   *[other] It was { $sent } bytes.
}
walk-write-overlooked = The kernel of { $who } already knew of the FIN.
walk-forgotten = { $who } no longer knew the connection.
walk-gave-up = { $who }'s kernel gave up after { $count ->
    [one] one unanswered probe
   *[other] { COUNT($count) } unanswered probes
} and sent an RST.
walk-gave-up-error = The application of { $who } gets the error ETIMEDOUT.
walk-reset-by-name = An RST in the name of { $who } ended the connection.
walk-reset = { $who } reset the connection (RST).
walk-refuses-another = { $who } refused that with an RST: it has no such connection.
walk-refuses-to-open = { $who } refused the connection with an RST.
walk-another-reset = { $who } sent another RST. The connection was dead already.
walk-acknowledges = { $who } acknowledged, without data.
walk-logs = The application logged “{ $error }”.
walk-next-connection = { $who } opened a new connection to the same peer, from { $end } (TCP stream { $stream }).

# Labels of the figure.
figure-title = Timeline of the connection
figure-logged = logged: { $error }
figure-syn = SYN, frame { $frame }
figure-data = data, frame { $frame }
figure-probe = keep-alive probe, frame { $frame }
figure-unanswered = probe without an answer, frame { $frame }
figure-answer = answer to the probe, frame { $frame }
figure-segment = segment, frame { $frame }
figure-reset = RST, frame { $frame }
figure-refused = refused by { $device }, frame { $frame }
figure-fin = FIN, frame { $frame }
figure-write = write, frame { $frame }
figure-probe-after-fin = probe after the FIN, frame { $frame }
figure-fin-ack = ACK of the FIN, frame { $frame }
figure-first-probe = first probe, frame { $frame }
figure-last-probe = last probe, frame { $frame }
figure-last-answered-probe = last answered probe, frame { $frame }
figure-idle = { $age } without data
figure-unacknowledged = { $waited } without an acknowledgment
figure-stalled = not read or not answered for { $lasted }
figure-missed = { $count ->
    [one] one interval missed
   *[other] { COUNT($count) } intervals missed
}
figure-close-wait = CLOSE-WAIT { $kept }
figure-neighbours = { $count ->
    [one] One other connection of this host
   *[other] { $count } other connections of this host
}
figure-some-neighbours = { $shown } of this host's other connections
figure-local-time = { $zone ->
    [UTC] time
   *[other] local time
}
figure-crowded = tick: crowded marks, in the colour of their kind
figure-neighbour-probe = probe of another connection of this host
figure-break = { $gap } left out
figure-broken = axis broken: another scale on either side
figure-labels-left-out = { $count ->
    [one] One label had no room and was left out; the walkthrough has every step.
   *[other] { COUNT($count) } labels had no room and were left out; the walkthrough has every step.
}
figure-spans-unnamed = { $count ->
    [one] One further stretch of time is shaded without a name.
   *[other] { COUNT($count) } further stretches of time are shaded without a name.
}

mark-syn = SYN
mark-data = data
mark-repeats = data sent again
mark-probe = keep-alive probe
mark-answer = answer to a probe
mark-unanswered = probe without an answer
mark-fin = FIN
mark-ack = acknowledgment
mark-write = write
mark-reset = RST
mark-refused = refused by a device (ICMP)
mark-log = log line
mark-missed = missed interval
mark-quiet = nothing sent
mark-other = other
mark-arrived = arrived

span-idle = no data
span-close_wait = FIN received, socket still open (CLOSE-WAIT)
span-unacknowledged = data not acknowledged
span-stalled = application did not read or answer
span-missed = missed keep-alive interval

# Labels of the ladder.
ladder-title = The decisive frames between both ends
ladder-states = Beside the lines: the state of each end (RFC 9293) after the segment, as the capture shows it.
ladder-dashed = Dashed: a second or more without a decisive frame.
ladder-rung = { TIME($time, show: "clock") } { $who }: { $what }
ladder-later = +{ $since }
tcp-state = { $state ->
    [closed] CLOSED
    [syn_sent] SYN-SENT
    [syn_received] SYN-RECEIVED
    [established] ESTABLISHED
    [fin_wait_1] FIN-WAIT-1
    [fin_wait_2] FIN-WAIT-2
    [close_wait] CLOSE-WAIT
    [last_ack] LAST-ACK
    [closing] CLOSING
   *[time_wait] TIME-WAIT
}

# Labels of the figure of the probes.
cadence-title = The probes of the { $side }, gap by gap
cadence-gap = time since the probe before
cadence-band = the spacing of this setting, within { $within }
cadence-missed = a probe was due and none came
cadence-close = close
cadence-next-due = the next probe was due
cadence-many = A mark for several probes where they lie closer than the figure can show; the longest gaps are all there.
cadence-told = { $probes ->
    [one] one gap
   *[other] { $probes } gaps
}, the shortest { $shortest }, the longest { $longest }, { $missed ->
    [0] no interval missed
    [one] one interval missed
   *[other] { $missed } intervals missed
}
