# Why this connection.

chosen-stream = TCP stream { NUMBER($stream, useGrouping: 0) } was asked for.
chosen-by-ends = The connection was named by its addresses { $local } and { $remote }.
chosen-by-ends-of-several = { chosen-by-ends } The capture has { COUNT($several) } connections between them, and { $how ->
    [nearest] this one was alive nearest to the time of the log line
    [worst] this one is the worst of them
   *[best_fit] this one fits the log line best
}.
chosen-by-log = The log line was matched with the connection by { $strength }.
chosen-most-to-say = No connection was named, and no connection has a warning: this one has most to say.
chosen-only-findings = No connection was named: this one has the worst findings of the capture.
chosen-worst-findings = { chosen-only-findings } There are warnings on { $more ->
    [one] one other connection
   *[other] { COUNT($more) } other connections
} too; pyreport scan lists them.
chosen-worst-end = No connection was named: this one has the worst end of the capture.
chosen-worst-end-of-several = { chosen-worst-end } Besides this one, pyreport scan lists { $others ->
    [one] one other connection
   *[other] { COUNT($others) } other connections
}.
chosen-report-is-about = This report is about { $local } → { $peer }. { $why }

# Why one end is the local one: quoted after "the local end:".

local-is-client = it is the client, so it was taken to be the local end
local-is-taken = it was taken to be the local end
local-named-first = it was named first, so it is the end that reports the error
local-wrote-log = it wrote the log line

# The log line and the connection.

log-line-named-by-stream = The log line is about { $local } → { $peer }, as --stream says: the line itself does not name this connection.
log-line-matched-weakly = The log line may be about { $local } → { $peer }. It was matched by { $strength }, not by both ends: the line does not name the ends as the capture shows them.
log-line-fits-alike = The log line fits { COUNT($count) } connections equally well. The same happened to all of them, and this one is the nearest in time.
log-line-fits-several = The log line fits { COUNT($count) } connections equally well, and different things happened to them. This one is number { $rank } in time: the line may be about another.

log-time-none = The log line has no date and time that can be read (as in 2022-09-30 00:08:53), so it is not placed in time.
log-zone-unknown = The log line names no time zone, and the capture does not single one out, so the time of the line is not used. Give --log-tz.
log-zone-assumed = The log line names no time zone. Its time was taken as { TIME($time, digits: 3) }, with the log’s clock at { $offset }: of the whole and half hours from UTC, this is the one at which the line falls soonest after the close and near this capture. Give --log-tz to say otherwise.

# The log file.

log-line-at = The log line is line { NUMBER($line, useGrouping: 0) } of { $file }, the error nearest to the time of --at.
log-file-read = The log { $file } has { $errors ->
    [one] one error
   *[other] { COUNT($errors) } errors
} of this capture's time. This report is about line { NUMBER($line, useGrouping: 0) }.
log-file-same-cause = { $count ->
    [one] One other connection has
   *[other] { COUNT($count) } other connections have
} the same cause: { $streams }.
log-streams = { $count ->
    [one] TCP stream { $streams }
   *[other] TCP streams { $streams }
}{ $more ->
    [0] {""}
   *[other] , and { COUNT($more) } more
}
log-group-found = { log-group-says }: { $streams }.
log-group-ambiguous = { log-group-says }: { COUNT($rivals) } connections fit equally well.
log-group-unmatched = { log-group-says }: no connection fits.
log-group-says = The log also says “{ $error }” { $lines ->
    [one] once
   *[other] { COUNT($lines) } times
} ({ $ends })
log-file-all = Run pyreport scan CAPTURE --log-file FILE to list all errors of the log, and give --at TIME to pick one.
log-file-more = The log also has errors with { $more ->
    [one] one more cause
   *[other] { COUNT($more) } more causes
}. { log-file-all }

# What a log line says of the ends, and what its match with a connection rests on: to be quoted.

log-names-both-ends = { $local } → { $remote }
log-names-remote-end = to { $remote }
log-names-local-end = from { $local }
log-names-no-end = the line names no end

strength-exact = both ends
strength-reversed = both ends, the accepting end first
strength-named = the user's word
strength-local_port = the remote end and the local port
strength-idle_age = the idle age that it states
strength-local_time = the local end and the time
strength-local_outcome = the local end and the outcome
strength-remote_time = the remote end and the time
strength-remote_outcome = the remote end and the outcome
strength-port_time = the port and the time
strength-port_outcome = the port and the outcome
strength-time_outcome = the time and the outcome
strength-outcome = the outcome alone
strength-ambiguous = nothing that tells it from others
