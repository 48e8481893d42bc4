# Headings, table heads and small print of the report's pages, and what the terminal says of a report.

title-broke = Why the connection broke
title-never-opened = Why the connection did not open
title-healthy = State of the connection
page-times = { $zone ->
    [UTC] Times of day are UTC.
   *[other] Times of day are local, { $zone }, unless they say UTC.
} Report made { TIME($made, digits: 0) }.
page-number = page { $page } of { $pages }
zone-named = { $offset }, { $name }
summary-times = { $zone ->
    [UTC] Times of day are UTC.
   *[other] Times of day are local, { $zone }.
} Capture: sha256 { $digest }.
labelled-value = { $name }: { $value }
see-page = page { $page }
page-capture = capture sha256 { $digest }…

look-logo = logo
look-case = Case: { $case }
look-note = Note by who gives this report out: { $note }

heading-read-first = Read this first
heading-contents = Contents
heading-verdict = Verdict
heading-confidence = Confidence
heading-attributed-to = Attributed to
heading-question = Service, network, host or application?
heading-decides = What decides it
heading-folded = Also weighed, without evidence for it
heading-folded-all = None of them has evidence in this capture
heading-objection = The strongest objection:
heading-objection-answer = The answer:
heading-facts = Key facts
heading-capture = About this capture
heading-ladder = The decisive frames
heading-cadence = The probes, gap by gap
heading-timeline = The host around that time
heading-log-line = The log line
heading-walkthrough = Walkthrough
heading-keepalive = Keep-alive, by side
heading-application = The application side
heading-explanations = Explanations that were weighed
heading-not-told = What cannot be told from this capture
heading-event = The connections of this event
column-connection = Connection
column-closed = Closed
heading-limits = Known limits, held against this age
heading-advice = What to do
heading-letter = Ask the other side for
heading-headers = Headers of the decisive frames
heading-wireshark = How to see it in Wireshark
heading-appendix = Appendix: how to get the same report
heading-commands = Commands

answer-line = { $subject }: { $standing }.

column-step = Step
column-frames = Frames
column-local-time = { $zone ->
    [UTC] Time
   *[other] Local time
}
column-since = Since the step before
column-happened = What happened
column-side = Side
column-idle = Idle time
column-cadence = Cadence
column-probes = Probes
column-answered = Answered
column-unanswered = Unanswered
column-missed = Missed intervals
column-explanation = Explanation
column-status = Status
column-evidence = Evidence
column-would-decide = What would decide
column-who = Who
column-setting = Setting
column-source = Source
column-to-see = To see
column-filter = Display filter

step-until = to { $time }
step-of-frame = See step { $step }.
step-no-frame = no frame
step-decisive = decisive
evidence-against = Against:
more-in-json = { $count ->
    [one] One more like these is in the JSON (--json).
   *[other] { $count } more like these are in the JSON (--json).
}
limits-lead = A number that fits is no proof that the product is there.
advised-sources = Sources:
advised-source = ({ $number }) { $sources }.
filters-lead = Open the capture with the keepalive plugin and the Keepalive profile, and paste a filter into the filter bar.
filter-not-counted = not counted
shown-frame = Frame { $frame }, { TIME($time, show: "clock") }
line-cut = { $begin }… ({ $length } characters)

appendix-capture = Capture
heading-files = Files of the capture
files-numbered = The capture has { $count } files. Their frames are numbered through, in order of time. The frames that the report cites lie in these:
files-more = { $count } more such stretches are in the JSON (--json).
files-merged = The times of the files overlap: mergecap may put frames of exactly the same time in another order.
files-in-report = Frames in this report
files-file = File
files-in-file = Their numbers in the file
files-sums = The SHA-256 of the capture (above) is that of the sums of all its files, one in each line, in order of time. The JSON (--json) has all of them.
shown-frame-in-file = Frame { $frame } of { $file }
appendix-size = Size
appendix-size-counted = { $bytes } bytes, { $frames } frames
appendix-covers = Covers
appendix-from-to = { $first } to { $last }
appendix-kind = Verdict kind
appendix-read-by = Read by
appendix-self-check = Checked by Wireshark
appendix-made-with = Made with

status-supported = supported
status-possible = possible
status-no_evidence = no evidence
status-ruled_out = ruled out
confidence-confirmed = confirmed
confidence-likely = likely
confidence-possible = possible
confidence-undetermined = undetermined
share-peer_service = peer service
share-network_path = network path
share-local_host = local host
share-local_application = local application
share-capture_incomplete = capture incomplete
share-healthy = healthy

# References to frames.
frames-one = frame { $frame }
frames-run = frames { $first }-{ $last }
frames-listed = frames { $frames }
frames-many = frames { $first }-{ $last }, { $count } in all
cited = ({ $frames })
# What stands between two numbers or names (the quotes do not count).
between-items = ", "
# The same between places where something was read, which have commas of their own.
between-sources = "; "
# What stands between two parts of a sentence that have a verb of their own.
between-clauses = ", "

filter-connection = This connection
filter-all-findings = All that was found on it
filter-finding-probe = Keep-alive probes
filter-finding-unanswered = Unanswered probes
filter-finding-missed = Missed intervals
filter-finding-fin = Who closed first
filter-finding-post_fin_probe = Probes after the FIN
filter-finding-post_fin_write = Writes after the FIN
filter-finding-post_fin_reset = The RST after the FIN
filter-finding-gave_up = Keep-alive that gave up
filter-finding-retransmission_timeout = Data without an answer
filter-finding-reset = RST without a FIN
filter-close = The close and all that belongs to it
filter-neighbours = Probes of this host's other connections

shown-last-probe = This is the last keep-alive probe before the close.
shown-answer = This is its answer.
shown-fin = This is the FIN of { $who }, the first segment that closes anything.
shown-fin-ack = The kernel of { $who } acknowledges the FIN: it knows of it.
shown-cause = { $kind ->
    [probe] This keep-alive probe draws the RST.
    [write] This write draws the RST.
    [own_data] This is the data that was never acknowledged.
   *[other] This segment draws the RST.
}
shown-reset-by-name = This is the RST in the name of { $who }.
shown-reset = This is the RST of { $who }.
shown-before-gap = This is the last frame before the gap in the probes.
shown-end-of-gap = This frame ends the gap in the probes.

# The terminal.
progress-capture = Reading the capture …
progress-captures = Reading the captures …
progress-step = { $step ->
    [receiving] Receiving the capture
    [joining] Putting the files together for tshark
    [judging] Reading the capture
   *[taking] Sorting the connections
}
progress-read = { $step }: { $read }
progress-read-of = { $step }: { $read } of { $size }
progress-kilobytes = { $n } kB
progress-megabytes = { $n } MB
progress-rate = { $rate }/s
progress-seconds-left = { $seconds } s left
progress-minutes-left = { $minutes } min left
progress-frame-count = { $frames } frames
progress-connection-count = { $connections } connections
progress-weighing = Weighing the connections …
progress-aligning = Aligning the captures …
progress-check = Checking the connection with tshark …
progress-report = Writing the report …
terminal-note = Note: { $note }
terminal-written = Written: { $path }
scan-total = { $connections ->
    [one] 1 TCP connection in { $frames } frames
   *[other] { $connections } TCP connections in { $frames } frames
}
scan-nothing = Nothing found: { $total }, no missed interval, no unanswered probe, no write after a FIN, no reset.
scan-nothing-broke = Nothing that broke a connection was found in { $total }.
scan-noise-resets = { $count ->
    [one] One connection has an RST.
   *[other] { $count } connections have an RST.
}
scan-noise-unanswered = { $count ->
    [one] One connection has a keep-alive probe without an answer.
   *[other] { $count } connections have a keep-alive probe without an answer.
}
scan-noise-missed = { $count ->
    [one] One connection missed a keep-alive interval.
   *[other] { $count } connections missed a keep-alive interval.
}
scan-noise-writes = { $count ->
    [one] One connection has a write after a FIN.
   *[other] { $count } connections have a write after a FIN.
}
scan-noise-unreplied = { $count ->
    [one] One connection was closed before a request on it had a reply.
   *[other] { $count } connections were closed before a request on them had a reply.
}
scan-noise-lost = { $count ->
    [one] On one connection packets got lost or were refused for a while.
   *[other] On { $count } connections packets got lost or were refused for a while.
}
scan-noise-unread = { $count ->
    [one] On one connection a program did not read for a while.
   *[other] On { $count } connections a program did not read for a while.
}
scan-noise-untold = { $count ->
    [one] Of one connection the capture shows too little to call it healthy.
   *[other] Of { $count } connections the capture shows too little to call them healthy.
}
scan-summary = { $count ->
    [one] One connection has something to say, of { $total }.
   *[other] { $count } connections have something to say, of { $total }.
} More on one: pyreport report CAPTURE --stream N
scan-more-events = … and { $count } more ({ $connections ->
    [one] 1 connection
   *[other] { $connections } connections
}): --all lists all of them, --json FILE has them for programs.
scan-more = … and { $count } more.
scan-column-stream = Stream
scan-column-level = Level
scan-event = { $ends }: { $happened } [{ $kind }, { $confidence }]
scan-stream-and-more = { $stream } …
scan-column-happened = What happened
scan-column-lines = Lines
scan-column-log-says = The log says
scan-periodic = Again and again: { $count } connections between { $closer } and { $other } ended after { $age } without data, closed by { $closer }, between { TIME($first, digits: 0) } and { TIME($last, digits: 0) } (streams { $streams }).
scan-log-error = { $format }: “{ $error }”
scan-log-first-line = first in line { $line }
scan-errors-inside = { $count ->
    [0] No error in the log is of this capture's time.
    [one] One error in the log is of this capture's time.
   *[other] { COUNT($count) } errors in the log are of this capture's time.
}
scan-incidents = { $incidents ->
    [one] It is one incident.
   *[other] They are { COUNT($incidents) } incidents with { $causes ->
        [one] one cause.
       *[other] { COUNT($causes) } causes.
    }
}
scan-errors-outside = { $count ->
    [one] One error is of another time.
   *[other] { COUNT($count) } errors are of another time.
}
scan-errors-unmatched = { $count ->
    [one] One more error was not matched.
   *[other] { $count } more errors were not matched.
}
scan-more-on-one = More on one: pyreport report CAPTURE --log-file FILE --at TIME
scan-fits-none = fits no connection of this capture
scan-matched = match: { $strength }
scan-weighed = [{ $kind }, { $weighed }]
scan-ambiguous = ambiguous: fits { COUNT($count) } connections equally well (streams { $streams })
level-chat = Chat
level-note = Note
level-warn = Warn
level-error = Error
full-stop = .
