# The comparison of one connection in two captures.
# $who is the sender of a packet, $whom its receiver, where a message has both.

## Why this connection

connection-is-the-worst-in-both =
    { $count ->
        [one] No connection was named. This connection is the only one found in both captures.
       *[other] No connection was named. This connection is the worst of { COUNT($count) } that are in both captures.
    }
connection-has-no-incident = Neither capture alone has a warning on this connection.

## What has to be said first

compare-nothing-in-common = No packet of this connection is certainly the same in both captures.
clocks-cannot-be-compared = The clocks of the two captures cannot be compared.
captures-were-swapped =
    { $order ->
        [times] The times of the packets show that { $path } is the capture nearer to { $who }, although it was given second. The report takes the captures in that order.
       *[hop_limits] The hop limits of the packets show that { $path } is the capture nearer to { $who }, although it was given second. The report takes the captures in that order.
    }
capture-order-unknown = The packets do not tell which capture is nearer to { $who }. The report takes { $path }, which was given first.
clock-difference-jumps = The clocks of the captures do not run evenly against each other. At frame { $frame } of { $path }, their difference jumps by { $jump }.
capture-lacks-packets =
    { $count ->
        [one] { $path } lacks one packet of this connection that { $who } did send or receive. So a packet's absence from this capture is no proof.
       *[other] { $path } lacks { COUNT($count) } packets of this connection that { $who } did send or receive. So a packet's absence from this capture is no proof.
    }
capture-seems-to-be-between = { $path } seems to have been taken between the two ends, not at { $who } itself. What the report says of { $who } holds for the place of the capture.
capture-seems-to-be-elsewhere = { $path } seems to have been taken at { $whom }, not at { $who }. Check that the two captures are of different ends.

## What the fate of a packet rests on

packet-looks-like-others = Several packets look like this one. Which packet of one capture is which packet of the other cannot be told.
capture-began-later = The first frame of the capture at { $who } came at least { $later } after this packet.
capture-may-have-begun-later = The first frame of the capture at { $who } may have come after this packet: the captures do not tell the clocks' difference and the time on the way closely enough.
capture-ended-before = The last frame of the capture at { $who } came at least { $earlier } before this packet.
capture-may-have-ended-before = The last frame of the capture at { $who } may have come before this packet: the captures do not tell the clocks' difference and the time on the way closely enough.
capture-covers-and-lacks-it = The capture at { $who } covers the time of this packet and does not have it.
capture-lacks-this-and-others = The capture at { $who } does not have this packet. The same capture also lacks packets that did pass there.

receiver-reacted-to-packet = { $who } reacted to the packet, so the packet arrived. Only the capture at { $who } lacks it.
answer-without-its-packet = { $who } got an answer to the packet. The capture at { $whom } has neither the packet nor the answer.
receiver-went-on = { $who } went on sending after the time at which the RST must have arrived.
receiver-sent-no-answer = { $who } sent no answer either.
receiver-did-not-acknowledge = { $who } did not acknowledge this packet.
receiver-acknowledged-less = { $who } later acknowledged less than this packet carries.
receiver-acknowledged-a-copy = { $who } acknowledged the bytes only after a later copy of them had arrived.

ip-id-fills-a-gap = The packet's IP ID is the number that is missing in the IP IDs of { $who }, so { $who } sent the packet.
sender-counts-the-packet = The later sequence numbers of { $who } count this packet, so { $who } sent it.
sender-went-on = { $who } went on sending until about { $later } after this packet, as if { $who } had never sent it.
hop-limit-is-unlike = The packet arrived with a hop limit (TTL) of { $hop_limit }. All other packets of { $who } arrived with a hop limit of { $usual }.
answer-is-faster-than-the-path = The packet came { $took } after the packet that it answers. A packet to { $who } and its answer take at least { $least }.
packet-made-or-not-captured = Either something on the way made this packet, or { $who } sent it and the capture there lost it.

packet-took-at-most = The packet was on its way for at most { $most }.
packet-took-about = The packet was on its way for about { $middle }.
packet-took-between = The packet was on its way for { $least } to { $most }.

## Conclusions on a FIN or an RST

close-word = { $close ->
        [fin] FIN
       *[rst] RST
    }
rst-made-towards-both = { $who } and { $whom } each received an RST that the other end did not send. Something between them ended the connection towards both.
close-lost = The { close-word } that { $who } sent did not reach { $whom }.
closes-lost =
    { $count ->
        [one] One { close-word } that { $who } sent did not reach { $whom }.
       *[other] { COUNT($count) } { close-word }s that { $who } sent did not reach { $whom }.
    }
close-arrived-with-another = Another { close-word } of { $who } did arrive.
close-sender-unknown = Whether { $who } sent the { close-word } that { $whom } received cannot be told.
close-arrival-unknown = Whether the { close-word } of { $who } reached { $whom } cannot be told.
close-not-sent =
    { $proven ->
        [yes] { $who } did not send the { close-word } that { $whom } received.
       *[no] { $who } probably did not send the { close-word } that { $whom } received.
    }
close-sent-and-arrived = { $who } itself sent the { close-word }, and the { close-word } arrived.
close-arrived-unseen = { $who } sent the { close-word }, and the { close-word } arrived, although the capture at { $without } lacks it.
rst-answers =
    { $cause ->
        [probe] The RST answers a keep-alive probe.
        [write] The RST answers a write.
       *[data] The RST answers data.
    }

## Conclusions on the opening of the connection

opening-word = { $opening ->
        [syn] SYN
       *[syn_ack] SYN-ACK
    }
openings-lost =
    { $count ->
        [one] One { opening-word } that { $who } sent did not reach { $whom }.
       *[other] { COUNT($count) } { opening-word }s that { $who } sent did not reach { $whom }.
    }
opening-arrived-with-another = Another { opening-word } of { $who } did arrive.
opening-never-arrived = None arrived, so the connection was not opened while both captures ran.
syn-not-answered =
    { $count ->
        [2] Two SYNs arrived at { $whom }, and the capture there has no answer to them.
       *[other] { COUNT($count) } SYNs arrived at { $whom }, and the capture there has no answer to them.
    }

## Conclusions on keep-alive

which-probes =
    { $count ->
        [1] probe { $first }
        [2] probes { $first } and { $last }
       *[other] probes { $first } to { $last }
    }
probes-lost = { which-probes } left { $who } and did not arrive at { $whom }.
host-may-have-stood-still = The host of { $who } sent nothing during that time. If the host had stood still, its capture would look the same.
answers-lost =
    { $count ->
        [one] { which-probes } arrived at { $whom }, and { $whom } answered. The answer did not arrive at { $who }.
       *[other] { which-probes } arrived at { $whom }, and { $whom } answered. The answers did not arrive at { $who }.
    }
probes-not-answered =
    { $count ->
        [one] { which-probes } arrived at { $whom }, and { $whom } did not answer it.
       *[other] { which-probes } arrived at { $whom }, and { $whom } did not answer them.
    }
probes-arrival-unknown = Whether { which-probes } of { $who } arrived at { $whom } cannot be told.
missed-probes-are-elsewhere =
    { $count ->
        [one] The capture at { $who } shows one missed interval. But probes of that time are in the capture at { $whom }, so the capture at { $who } lacks frames.
       *[other] The capture at { $who } shows { COUNT($count) } missed intervals. But probes of that time are in the capture at { $whom }, so the capture at { $who } lacks frames.
    }
missed-probes-never-left =
    { $count ->
        [one] { $who } missed one keep-alive interval. The probes that were due are in neither capture, so they never left { $who }.
       *[other] { $who } missed { COUNT($count) } keep-alive intervals. The probes that were due are in neither capture, so they never left { $who }.
    }

## Conclusions on payload

write-after-fin-arrived = { $who } wrote after the FIN of { $whom }, and this write arrived.
write-after-fin-lost = { $who } wrote after the FIN of { $whom }, and this write did not reach { $whom }.
payload-all-lost =
    { $count ->
        [one] One segment with payload left { $who }, and it did not reach { $whom }.
        [2] Two segments with payload left { $who }, and neither reached { $whom }.
       *[other] { COUNT($count) } segments with payload left { $who }, and none of them reached { $whom }.
    }
payload-lost =
    { $count ->
        [one] Of { COUNT($left) } segments with payload that left { $who }, one did not reach { $whom }.
       *[other] Of { COUNT($left) } segments with payload that left { $who }, { COUNT($count) } did not reach { $whom }.
    }
payload-not-sent =
    { $proven ->
        [yes] { $count ->
            [one] { $who } did not send one segment with payload that { $whom } received in its name.
           *[other] { $who } did not send { COUNT($count) } segments with payload that { $whom } received in its name.
        }
       *[no] { $count ->
            [one] { $who } probably did not send one segment with payload that { $whom } received in its name.
           *[other] { $who } probably did not send { COUNT($count) } segments with payload that { $whom } received in its name.
        }
    }
payload-lost-is-the-large = Each lost segment has { $least } bytes or more, and none that arrived has more than { $most }, as on a path that does not let large packets pass.
payload-never-arrived = Not all of the lost payload arrived later.
payload-arrived-again = All of the lost payload arrived when { $who } sent it again.

## Conclusions where nothing grave happened

the-way-is-unknown = What happened on the way cannot be told.
packets-are-in-both =
    { $count ->
        [one] One packet of this connection is in both captures.
       *[other] { COUNT($count) } packets of this connection are in both captures.
    }
nothing-lost-or-made = No packet was seen to be lost or made on the way.
only-acks-lost-or-made =
    { $count ->
        [one] One acknowledgment was lost or made on the way, which ends no connection.
       *[other] { COUNT($count) } acknowledgments were lost or made on the way, which ends no connection.
    }
packets-not-covered =
    { $count ->
        [one] One packet fell into a time that one capture does not cover.
       *[other] { COUNT($count) } packets fell into a time that one capture does not cover.
    }
packets-not-told =
    { $count ->
        [one] What became of one packet cannot be told.
       *[other] What became of { COUNT($count) } packets cannot be told.
    }

## What the way changes

addresses-translated = { $who } is { $first } in the capture at { $here } and { $second } in the capture at { $there }. Something on the way translates addresses.
sequence-numbers-rewritten = Something on the way rewrites the sequence numbers of { $who }: between the capture at { $here } and the capture at { $there }, { $added } is added (modulo 2^32).
hop-limit-falls = The hop limit (TTL) of packets from { $who } goes down by { $by } on the way.
hop-limit-varies =
    { $count ->
        [one] The hop limit (TTL) of one packet from { $who } goes down by another number.
       *[other] The hop limit (TTL) of { COUNT($count) } packets from { $who } goes down by another number.
    }
mss-changed = Something on the way changes the MSS that { $who } announces from { $sent } to { $arrived } bytes.
timestamps-removed =
    { $count ->
        [one] Something on the way takes the timestamps out of one packet from { $who }.
       *[other] Something on the way takes the timestamps out of { COUNT($count) } packets from { $who }.
    }
window-changed = Something on the way changes the window that { $who } announces.
window-changed-at-times = Now and then something on the way changes the window that { $who } announces.

## The table of packets

row-rst = RST of { $who }
row-syn = SYN of { $who }
row-syn-ack = SYN-ACK of { $who }
row-probe = Probe { $number } of { $who }
row-probe-after-fin = Probe { $number } after the FIN, of { $who }
row-fin = FIN of { $who }
row-fin-with-payload =
    { $bytes ->
        [one] FIN with { $bytes } byte, of { $who }
       *[other] FIN with { $bytes } bytes, of { $who }
    }
row-payload =
    { $bytes ->
        [one] Payload, { $bytes } byte, of { $who }
       *[other] Payload, { $bytes } bytes, of { $who }
    }
row-payload-after-fin =
    { $bytes ->
        [one] Payload after the FIN, { $bytes } byte, of { $who }
       *[other] Payload after the FIN, { $bytes } bytes, of { $who }
    }
row-fin-ack = ACK of the FIN, of { $who }
row-answer = Keep-alive ACK of { $who }
row-ack = ACK of { $who }
row-routine = { $parts }
routine-probes =
    { $count ->
        [one] one probe
       *[other] { COUNT($count) } probes
    }
routine-answers =
    { $count ->
        [one] one keep-alive ACK
       *[other] { COUNT($count) } keep-alive ACKs
    }
routine-payload =
    { $count ->
        [one] one segment with payload
       *[other] { COUNT($count) } segments with payload
    }
routine-others =
    { $count ->
        [one] one other segment
       *[other] { COUNT($count) } other segments
    }

row-repeated = { $what }, { COUNT($count) } times
row-and-fate = { $what }: { $fate }
fate-arrived-in-pieces = arrived, cut or joined differently
fate-arrived-unseen = arrived, and the capture there lacks it
fate-lost = did not arrive
fate-not-sent = not sent by that end
fate-sent-unseen = was sent, and the capture there lacks it
fate-not-covered = the other capture does not cover the time
fate-unknown = cannot be told
fates-all-arrived = all arrived
fates-differ = with various fates
row-delay = { $middle } ± { $spread }

## Key facts

fact-clocks = Clocks
clocks-not-compared = Cannot be compared
clocks-differ-at-most = Differ by at most { $difference }
clocks-differ-at-least = Differ by at least { $difference }
clocks-agree = Agree within { $within }
clock-is-ahead = The capture at { $who } is { $ahead } ahead of the capture at { $whom }
clock-difference-is = The difference is { $microseconds } µs, uncertain by { $uncertainty }.
clocks-one-direction = Only one direction is in both captures.
clocks-both-directions = Told by the packets of both directions.
fact-drift = Drift
drift-not-told = Cannot be told
drift-none-seen = None seen; less than { $most } an hour
drift-seen = { $gain } ± { $uncertainty } an hour
drift-is-of = So much the clock of the capture at { $who } gains on the other clock.
fact-packets = Packets from { $who } to { $whom }
packets-left-and-arrived = { $left } left, { $arrived } of them in both captures
packets-otherwise = { $parts }.
packets-none-lost = No packet was seen to be lost.
count-lost = { $count } did not arrive
count-not-sent = { $count } arrived without being sent by that end
count-arrived-unseen = { $count } arrived without being captured there
count-sent-unseen = { $count } left without being captured there
count-not-covered = { $count } fell into a time that one capture does not cover
count-unknown = the fate of { $count } cannot be told

## What cannot be told

open-which-device = Which device made it. Captures on both sides of each device on the way would tell: the capture before that device does not show it, the capture after that device does. Look at idle limits and logs of the firewalls, balancers and NAT gateways on the way.
open-where-lost = Where on the way it was lost, and why. Captures and drop counters of the devices on the way would tell.
open-why-not-answered = Why the host did not answer what reached it: its load, its packet filter, or a time in which the host stood still.
open-why-closed = Why the end that closed did so. The two captures show that it did; its own log shows the reason.
open-why-not-sent = Why the host sent nothing: its load, a pause of the virtual machine, or its packet filter.
open-uncovered =
    { $count ->
        [one] What became of one packet outside the time that both captures cover. A capture file ends with its last frame. Whether the capture ran on without seeing anything, the file does not tell.
       *[other] What became of { COUNT($count) } packets outside the time that both captures cover. A capture file ends with its last frame. Whether the capture ran on without seeing anything, the file does not tell.
    }
open-fates =
    { $count ->
        [one] The fate of one packet: a capture may lack frames, or the packet looks like others.
       *[other] The fate of { COUNT($count) } packets: a capture may lack frames, or the packets look like others.
    }
open-inside-hosts = What happened inside the hosts of { $who } and { $whom }. Captures show what passes the network interfaces of the hosts, not what their applications did.

## The report around it

compare-title = One connection, two captures
compare-times = { $zone ->
    [UTC] Times of day are UTC, each by the clock of its own capture. Report made { $made }.
   *[other] Times of day are local, { $zone }, each by the clock of its own capture. Report made { $made }.
}
compare-footer = captures sha256 { $first }… and { $second }…
compare-read-first = ⚠ Read this first
compare-verdict = Where it happened
compare-confidence = Confidence
compare-frames = Frames
compare-frames-at = { $frames } at { $who }
compare-ladder = The packets that decide
ladder-both-ends = Beside each line: time and frame in the capture of that end, by its own clock. A cross: lost on the way. A dot: made on the way. Dashed: the captures do not tell.
compare-key-facts = Key facts
compare-log-line = The log line
compare-together = What the two captures say together
compare-what = What
compare-packets = Packet by packet
compare-time-at = Time at { $who }
compare-frame-there = Frame there
compare-on-the-way = On the way
compare-changes = What the way changes
compare-not-told = What cannot be told from these captures
compare-captures = The two captures
compare-capture-at = Capture at { $who }
compare-file = File
compare-sha256 = SHA-256
compare-size-title = Size
compare-size = { $bytes } bytes, { $frames } frames
compare-first-frame = First frame
compare-last-frame = Last frame
compare-taken = Taken
compare-read-by = Read by
compare-taken-at = At { $who }, by its frames
compare-taken-at-both = At both ends, by its frames
compare-taken-between = Between the ends, by its frames
compare-taken-unknown = The frames do not tell
compare-connection = The connection
compare-filter-connection = This connection
compare-filter-findings = All that was found on it
compare-filter = ({ $count })
compare-files = The capture of { $who }:
compare-appendix = Appendix: how to get the same report
compare-made-with = Made with { $programs }.

# Found in another stream, and an end that stood still.
packet-is-in-another-stream = The packet is frame { $frame } of the capture at { $who }, there in another TCP stream ({ $source } → { $destination }): something on the way, such as a translator (NAT), gives it other addresses or ports than the packets before.
packet-took-untold = How long the packet was on its way cannot be told: a clock stood still or was set meanwhile.
end-took-in-at-once = { $who } stood still: { $count } packets that { $whom } had sent over { $made } came in there within { $within }, and { $who } sent nothing meanwhile.
its-clock-stood-too = The difference of the clocks jumps by { $jump } there: the clock of { $who } stood as well, as when a virtual machine is paused.
