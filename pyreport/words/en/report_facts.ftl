# The box of key facts, the keep-alive of each side, and the known limits.

role-client = Client
role-server = Server
role-a = Side A
role-b = Side B
role-and-end = { $role } { $end }

not-in-this-capture = not in this capture
not-learned = not learned
time-and-date = { TIME($time, show: "local") }
time-of-day = { TIME($time, show: "clock") }
time-of-day-in-log = { TIME($time, show: "clock", digits: 3) }
time-in-utc = { TIME($time, show: "in-utc-too") }

fact-local-end = the local end
fact-local-end-because = the local end: { $why }
fact-peer = the peer
fact-closed-by = Closed by
fact-closers-both = Both sides, each with a FIN
fact-fins-crossed = The FINs crossed on the way
fact-closed-first-by = Closed first by
end-with-service = { $end } ({ $service })
fact-closer = { $how ->
    [fin] { $who }, with a FIN
   *[reset] { $who }, with an RST
}
fact-closer-by-name = { $how ->
    [fin] A FIN in the name of { $who }
   *[reset] An RST in the name of { $who }
}
fact-closer-in-doubt = { $end }. It cannot be told whether this FIN was the first: { $doubt ->
    [unseen_bytes] the last bytes of the peer are not in the capture, and its FIN may have been among them.
   *[unseen_peer] nothing that the peer sent before is in the capture.
}
fact-reset-ended-nothing = The capture has an RST, but none that ended an open connection.
fact-no-fin-and-no-rst = The capture has neither a FIN nor an RST of this connection.
fact-closed-at = Closed at
fact-data-idle = Age of the last data at the close
fact-data-idle-refused = Silence before the data that the RST answers
fact-no-payload = The capture has no payload from before the close.
fact-by-the-closers-clock = since the last byte of payload, by the timestamps of the side that closed; { $capture } by this capture's clock
fact-since-the-handshake = since the handshake: the side that closed had sent and received no data until then
fact-since-the-last-data = since the last byte of payload
fact-up-to-what-drew-the-reset = from the last byte of payload to the data that the RST answers
fact-unacknowledged = Data without an acknowledgment
fact-since-first-sent = Since the data was first sent
fact-packet-idle = Silence of all segments
fact-since-the-last-segment = since the last segment of any kind
fact-kept = Socket kept by { $who } after the FIN
fact-kept-until = { $until ->
    [own_fin] in state CLOSE-WAIT, until its own FIN
    [reset] in state CLOSE-WAIT, until the RST
   *[capture_end] in state CLOSE-WAIT, until the end of the capture
}
fact-dead-at = Socket dead at
fact-dead-by = { $kind ->
    [probe] by the RST that answers a keep-alive probe
   *[write] by the RST that answers a write
}
fact-periodic = Again and again
fact-exactly = { $note }; { SECONDS($age) } s
fact-periodic-closes = { $count } connections between these two ended after { $age } without data
fact-periodic-between = between { TIME($first, show: "clock", digits: 0) } and { TIME($last, show: "clock", digits: 0) }
fact-probes = Keep-alive probes of { $who }
fact-probes-before-the-close = Keep-alive probes of { $who } before the close
fact-probes-counted = { $sent } sent, { $answered } answered; { $missed ->
    [0] { $rested ->
        [yes] for a while the capture has no frame of anybody
       *[no] no interval missed
    }
    [one] one interval missed
   *[other] { COUNT($missed) } intervals missed
}
fact-probes-untold = { $sent } sent, their answers were not captured; { $missed ->
    [0] no interval missed
    [one] one interval missed
   *[other] { COUNT($missed) } intervals missed
}
fact-no-probes = none
fact-no-probes-note = This capture has no keep-alive probe of { $who } from that time.
fact-setting-changed = Keep-alive setting of { $who }
fact-setting-changed-values = changed: one probe every { $spacings }
fact-spacings = { $before }, then { $after }
fact-setting-changed-from = every { $after } from frame { $frame } on
fact-logged-at = Error logged at
fact-logged-time = { TIME($time, show: "local", digits: 3) }
fact-logged-after-the-close = { $after } after the close
fact-logged-before-the-close = { $before } before the close
fact-logged-at-the-close = at the time of the close, as far as the log tells, which counts in steps of { $step }

# The log line.
fact-log-read-as = Log line read as
log-read-as = { $format }: { $error }
log-read-as-operation = { $format }: { $operation }, { $error }
log-peer-name = The peer's name is { $name }.
log-termination = { $state } says: { $who ->
    [C] the client's side aborted
    [S] the server's side aborted or refused
    [P] HAProxy ended it
    [L] HAProxy answered by itself
    [R] HAProxy lacked a resource
    [I] an internal error of HAProxy
    [D] the server was taken down
    [U] the server came back up
    [K] an administrator ended it
    [c] the client's idle timeout expired
    [s] the server's idle timeout expired
   *[other] ended in order
}.
log-client-id = The client id is { $id }.
log-state-age = The connection was { $age } in state { $state }; this is its age, not how long it was idle.
log-idle = The line says that the connection was idle for { $age }.
log-lasted = The line says that the connection lasted { $age }.
log-match = Matched with the connection by: { $strength }.
errno-epipe = EPIPE
errno-econnreset = ECONNRESET
errno-econnaborted = ECONNABORTED
errno-econnrefused = ECONNREFUSED
errno-etimedout = ETIMEDOUT
errno-ehostunreach = EHOSTUNREACH
errno-enetunreach = ENETUNREACH
errno-deadline = time limit of the program
errno-eof = end of file
errno-disconnected = disconnected
errno-closed_here = closed by the program
errno-other = another error

# Keep-alive, by side.
keepalive-no-probe = This side sent no probe in this capture: its keep-alive is off, or its idle time is longer than any silence here.
keepalive-no-probe-came = This capture has no probe of this side, which sent packets that did not come this far: probes may be among them.
keepalive-neither = Neither side sent a keep-alive probe in this capture: keep-alive is off, or its idle time is longer than any silence here.
keepalive-drew-reset = { $count ->
    [one] One probe drew an RST.
   *[other] { COUNT($count) } probes drew an RST.
}
keepalive-answer-untold = { $count ->
    [one] The capture does not tell whether one probe got an answer.
   *[other] The capture does not tell whether { COUNT($count) } probes got an answer.
}
# TCP_KEEPINTVL is not longer than the spacing of answered probes on Linux; it may be on BSD.
keepalive-interval-does-not-fit = The interval between unanswered probes cannot be learned here: their gaps do not fit the spacing of the answered probes.
keepalive-interval-not-learned = The interval between unanswered probes cannot be learned here: no two probes in a row went unanswered.
keepalive-interval = Unanswered probes follow each other every { $interval }.

clock-uneven = The { COUNT($gaps) } gaps between answered probes differ by up to { $spread }. This is too uneven to tell the kernel by its timers.
clock-even = The { COUNT($gaps) } gaps between answered probes agree to within { $spread }.
clock-exact = The { COUNT($gaps) } gaps between answered probes agree exactly.
clock-undisturbed = So the timers of this side ran undisturbed.
clock-undisturbed-in-part = So the timers of this side ran on time from frame { $first } to frame { $last }, but not all along: { $missed ->
    [one] one interval
   *[other] { COUNT($missed) } intervals
} went by without a probe.
clock-not-linux = The cadence is { SECONDS($cadence) } s, and the probes carry a byte of payload as those of Windows do: this is not a Linux kernel.
clock-fits-none = No usual Linux kernel gives a cadence of { SECONDS($cadence) } s. It is another system, or its timers were disturbed.
clock-fits = A cadence of { SECONDS($cadence) } s fits { EITHER($kernels) }.
clock-fit = { $kernel } (HZ { EITHER($rates) }) with an idle time of { EITHER($idle) } s
clock-fit-interval = { $kernel } (HZ { EITHER($rates) }) with an idle time of { EITHER($idle) } s and an interval of { EITHER($intervals) } s
clock-gap-on-grid = Between frames { $before } and { $after }, { $gap } went by. After that, the probes are back at their old times: the timers had run on.
clock-gap-off-grid = Between frames { $before } and { $after }, { $gap } went by. Since then, the probes are { $shift } off their old times: the timers stood still or were set anew.
kernel-slack = Linux 2.6.35 to 4.7
kernel-wheel = Linux 4.8 or later
number-from-to = { $lowest } to { $highest }

# Known limits.
limit-can-be-switched-on = off by default; can be set to this
limit-equals = equals the default of { $limit }, within a second
limit-equals-silence = equals the default of { $limit }, within a second, by the time without any segment
limit-had-run-out = the default of { $limit } had run out
limit-can-be-set = default { $limit }; can be set to this
limits-none-equals = No known default equals this age.
limits-more-equal = { $count ->
    [one] One more default equals this time.
   *[other] { COUNT($count) } more defaults equal this time.
}
limits-more-run-out = { $count ->
    [one] One more default had run out.
   *[other] { COUNT($count) } more defaults had run out.
}
limits-more-settable = { $count ->
    [one] One more product can be set to this time.
   *[other] { COUNT($count) } more products can be set to this time.
}
limits-excluded = { $count ->
    [one] The capture excludes one known limit; the JSON has it with its reason.
   *[other] The capture excludes { COUNT($count) } known limits; the JSON has each with its reason.
}
source-read = { $source }.
source-in-part = { $source } (not verified: { $unverified })
advised-setting = { $who }: { $setting }
