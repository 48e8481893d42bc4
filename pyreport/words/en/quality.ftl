# What tshark could not read.

capture-cut-short = The capture { $file } is cut short in the middle of a packet: only the frames before the cut were read.
capture-damaged = The capture { $file } is damaged: only the frames before the damage were read (tshark said: { $said }).

# What became of a file while it was read, and what is left out when a part of the capture is asked for.

capture-grew = { $file } grew by { $more } bytes while it was read: only its first { $bytes } bytes were read, those that it had at the beginning.
capture-shrank = { $file } was made shorter while it was read, from { $bytes } to { $left } bytes: what was read may be mixed. Copy the file, and read the copy.
capture-replaced = { $file } was moved, removed or replaced while it was read. The file that had this name at the beginning was read.
capture-stopped = The capturing was stopped by Ctrl-C: the report covers the { $bytes } bytes that had come through standard input.
files-overlap = The times of the { $files } files overlap: their frames are taken in order of time, as one capture.
files-of-other-hosts = { $file } has no host in common with the other files: the files may be of different hosts, whose clocks may differ.
limited-from-to = Only the frames from { $first } to { $last } were judged. What the capture has before and after that was left out.
limited-from = Only the frames from { $first } on were judged. What the capture has before that was left out.
limited-to = Only the frames up to { $last } were judged. What the capture has after that was left out.
limited-host = Only the frames from and to { $host } were judged. The capture's other frames were left out.
capture-damaged-file = Of the file { $file } only the frames before { $damage ->
    [no_time] a packet without a time
   *[header] its damage
} were read.

capture-copied = The user { $user }, as whom tshark runs, may not read { $file }, so tshark reads a private copy. The copy is removed at the end.

# Which program read the capture. Two passes of tshark with the plugin give the same.

self-check-equal = { $findings ->
    [0] checked: neither the fast reader nor tshark with the plugin found anything on this connection
    [one] checked: the one finding on this connection is the same as that of tshark with the plugin
   *[other] checked: all { $findings } findings on this connection are the same as those of tshark with the plugin
}
self-check-differs = The fast reader and tshark with the plugin do not find the same on this connection, first in frame { $frame }. The report tells what tshark with the plugin found. Please report this.
read-by-reader = the fast reader of pyreport, with the plugin's detection
read-by-tshark = tshark with the plugin, { why-tshark-reads }
read-by-both = the fast reader of pyreport, with the plugin's detection, but for { $odd ->
    [one] one frame
   *[other] { $odd } frames
} and { $connections ->
    [0] no connection
    [one] one connection
   *[other] { $connections } connections
}, which tshark with the plugin read, { why-tshark-reads }
why-tshark-reads = { $reason ->
    [asked] as was asked for
    [no_luajit] since there is no LuaJIT here (the Python package lupa, or the program luajit)
    [failed] since the fast reader failed: please report this
    [container] since the fast reader reads only uncompressed pcap and pcapng files
    [block] since the file has blocks that the fast reader does not read
    [damage] since the file is damaged
    [time] since the file has times before 1970 or after 2262, or more than 104 days apart
    [link] since the fast reader does not read the link layer of a frame
    [cut] since the headers of a frame are cut off
    [header] since a frame has an unusual IP or TCP header
    [fragment] since a packet comes in fragments
    [tunnel] since a frame may carry another packet
    [quoted] since an ICMP error quotes a packet
    [neighbour] since hosts ask for hardware addresses (ARP, neighbour discovery)
    [port] since a port is of a protocol that opens connections of its own
   *[field] since the fast reader does not know a field
}

# What a capture is worth.

quality-one-direction = The capture has no frame of { $silent }, although { $silent } did send: only one direction was captured.
quality-one-direction-shared = { quality-one-direction } The same holds for { $everywhere ->
    [yes] all { $every } connections
   *[no] { COUNT($alike) } of the { $every } connections
} in this capture.
quality-no-beginning = The capture begins in the middle of the connection, and has no data of { $sides }: whether a FIN came from there before cannot be told.
quality-one-side-only = The capture has no frame of { $silent }: either { $silent } sent nothing, or only one direction was captured.

quality-lost-frames = { $receiver } acknowledged { $bytes ->
    [one] one byte
   *[other] { $bytes } bytes
} of { $sender } that no frame of this capture holds: the capture lacks frames that did arrive.

quality-counter-gap = { $side } made { $packets ->
    [one] one packet that is
   *[other] { COUNT($packets) } packets that are
} not in this capture, as its packet counter shows: the IP ID of its frames goes up by one with each packet of this connection.
quality-counter-gaps = { quality-counter-gap } The first gap of the counter is between frames { $before } and { $after }.

quality-dropped = The capture file says that { $total ->
    [one] one packet
   *[other] { COUNT($total) } packets
} did not get into it: the interface dropped { $interface }, and the operating system dropped { $system }.

quality-copies = { COUNT($copies) } of the { $every } frames are second copies of other frames: a mirror port sent them twice, or the capture ran on several interfaces. Copies are not retransmissions.

quality-capture-hole = { $count ->
    [one] The capture file shows no frame of anybody for { $longest }.
   *[other] There are { $count } times in which the capture file shows no frame of anybody; the longest is { $longest }.
} What happened meanwhile cannot be told.
quality-ends-early = The capture ends { $early } before the log line was written.
quality-ends-early-dead = The capture ends { $early } before the log line was written, but the connection was dead by then.
quality-starts-late = The capture starts { $late } after the log line was written.
quality-no-data = The capture has no payload of this connection, so how long the connection was idle cannot be measured.

quality-clock-steps = The times of the frames go back { $steps ->
    [one] once, by { $largest }
   *[other] { COUNT($steps) } times, by up to { $largest }
}: the capturing clock was set, or several files were joined.

quality-cut-frames = { $cut ->
    [one] One of the { $every } frames was captured without its end: { $kept } bytes of it were kept.
   *[other] { COUNT($cut) } of the { $every } frames were captured without their end: at most { $kept } bytes of each were kept.
}

# The clues to the place where the capture was taken.

vantage-same-address = Both ends have the same address, so the capture was taken at both ends.

vantage-marked-sent = The capturing host marked the frames of { $near } as sent by itself and the frames of { $far } as received.
vantage-marked-forwarded = The capturing host marked the frames of both sides as received and also as sent: it forwards them.
vantage-marked-for-another = The capturing host marked the frames of both sides as meant for another host: the capture was taken at a mirror port or on a shared medium.
vantage-marked-received = The capturing host marked the frames of both sides as received and no frame as sent: the frames stay inside this host.

vantage-checksums-unfinished = The TCP checksums of the frames of { $near } are unfinished, as a kernel hands them to its network card. The TCP checksums of the frames of { $far } are finished.
vantage-checksums-unfinished-both = The TCP checksums of both sides are unfinished: this is a virtual network, where unfinished checksums do not tell the place of the capture.

vantage-borrowed = The frames of this connection do not tell where they were captured. Other connections of the same two hosts tell that it was at { $near }.
vantage-padded = Short frames of { $far } are padded, as a network card pads them for the wire. Short frames of { $near } are not padded: they had not been on a wire yet.
vantage-padded-both = Short frames of both sides are padded: both sides' frames came over a wire.

vantage-large-segments = Some segments carry up to { $largest } bytes, more than the announced { $limit } bytes. So the capture was taken inside a host, before its network card cut the segments or after the card joined them. This does not tell which host.

vantage-hop-limit-fresh = Frames of { $near } have { vantage-hop-limit-name } { $near_limit }, which no router has lowered yet. Frames of { $far } have { vantage-hop-limit-name } { $far_limit }.
vantage-hop-limits-lowered = Routers have lowered the { vantage-hop-limit-name } of both sides: frames of { $one } have { $one_limit }, and frames of { $other } have { $other_limit }.
vantage-hop-limit-name = { $version ->
    [v6] hop limit
   *[v4] TTL
}

vantage-stood-still = The clock of this capture stood still for { $stood } with the timestamps of { $near }, while those of the other side went on: the capture was taken on the host of { $near }.
vantage-one-is-near = { vantage-fastest-answers }: the time of { $far } includes the way to { $far }.
vantage-none-is-near = { vantage-fastest-answers }: no host alone takes as long, so both times include a way.
vantage-fastest-answers = { $shown ->
    [handshake] In the handshake
   *[fastest] At their fastest
}, { $near } answers within { $near_time } and { $far } answers within { $far_time }

# What a flaw of the capture weakens.

flaw-weakens = This weakens what is said about { $what }.
weakened-absence = what was not sent
weakened-answers = what got no answer
weakened-counts = how often something was sent
weakened-times = how long something took
weakened-ending = how the connection ended
weakened-payload = what the payload holds
