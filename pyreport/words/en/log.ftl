# What pyreport log says of an error of a log, without a capture.

log-error-heading = Line { NUMBER($line, useGrouping: 0) }: { $writer }
log-error-heading-unknown = Line { NUMBER($line, useGrouping: 0) }: a program that the line does not tell
log-nothing = Nothing in { $where } tells of a connection that broke.
log-nothing-in-line = the line
log-more = { $more ->
    [one] One more error
   *[other] { COUNT($more) } more errors
}: --json FILE lists all.
log-in-capture = To find the connection in a capture: pyreport report CAPTURE { $option }

log-row-time = Time
log-row-ends = Ends
log-row-doing = While
log-row-error = Error
log-row-proves = It proves
log-row-missing = It lacks

log-time-not-given = no time that can be read
log-time-in-zone = { $time } { $zone }
log-time-as-written = { $time }, as the log’s clock shows it

log-ends-of-other = The line is about the proxy’s own connection to its server; it names the client that the proxy served, { $end }.
log-written-by-server = The end that accepted the connection wrote the line.
log-written-by-client = The end that opened the connection wrote the line.

log-doing = { $operation ->
    [read] the program read
    [write] the program wrote
    [connect] the program connected
    [dial] the program connected
    [request] the program waited for an answer
   *[other] { $operation }
}
log-error-said = “{ $said }”: { $error }

log-proves-epipe = Linux says so when the program writes after the peer closed (FIN) and then answered with a reset (RST). The FIN came first: look for it before the time of the line.
log-proves-econnreset = The peer, or a device on the way, sent a reset (RST). On Linux no FIN of the peer came before it.
log-proves-econnaborted = The own system gave the connection up: on Windows after retransmissions that nobody answered, or after a local program ended it.
log-proves-econnrefused = The connection was never open: something answered the first packet (SYN) with a reset (RST), or a firewall refused it.
log-proves-etimedout = Nobody answered: the own system sent again and again, or probed the idle connection, and gave up. No FIN and no reset came.
log-proves-ehostunreach = No answer came, and a router or the own system reported that there is no way to the host.
log-proves-enetunreach = The own system had no way to the network of the peer.
log-proves-deadline = The program’s own time limit ran out. Nothing is proved of the network: the peer may be slow, or its answer lost.
log-proves-eof = The peer closed in order (FIN): a read tells the end only then.
log-proves-disconnected = The connection ended by the peer’s side or on the way. By FIN or by reset, the line does not say.
log-proves-closed_here = The writer of the line closed the connection itself: its FIN or reset is the first.
log-proves-other = Nothing of how a connection ended.
log-proves-connect-unanswered = The connection was never open: nobody answered the first packet (SYN) in time.

log-misses-time = The time: a capture is searched by the ends and the outcome alone.
log-misses-date = The date: it is taken from the capture.
log-misses-year = The year: it is taken from the capture.
log-misses-zone = The time zone: --log-tz names it, else it is inferred from the capture.
log-misses-ends = Both ends: a capture is searched by the time and the outcome.
log-misses-one-end = One end, or a part of it: several connections of a capture may fit.
