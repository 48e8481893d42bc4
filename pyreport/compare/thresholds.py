"""Every threshold of the comparison, with its reason and its source. Durations are in nanoseconds."""

from __future__ import annotations

from pyreport.base.units import NS_PER_MS, NS_PER_S

# Which connection it is, when something rewrites sequence numbers: so many segments of one look are held against each
# other; more are not needed.
MOST_ALIKE = 40
# So many segments must agree on what a firewall adds, when nothing but their lengths says so.
FEWEST_ALIKE = 4
# Segments of one length at even distances also agree when they are shifted by one too many: by one vote less.
CLEAR_LEAD = 2
# So many connections are looked at in full when no number matches.
MOST_LOOKED_AT = 50
# So many of the worst connections are tried in that way when none was named.
MOST_TRIED = 3

# Linux lets a clock run up to 500 ppm off (RFC 5905 appendix A.5.5.6 "MAXFREQ", adjtimex(2)); there are two of them.
MOST_DRIFT_PPM = 1_000
# Stamps are taken a little before or after the packet, and rounded: so far apart they may contradict each other.
TOLERANCES_NS = (0, 2_000, 20_000, 200_000, 1_000_000)
# Without a packet of the other direction: no path is so slow that this is exceeded.
SLOWEST_PATH_NS = 2 * NS_PER_S
# A packet that looks like others may have been on its way twice as long as the slowest that is known, and this more.
SPARE_DELAY_NS = 10 * NS_PER_MS
# So much of the evidence has to agree on which capture was nearer to the client.
ORDER_MOSTLY = 0.9

# An acknowledgment of data may wait so long (RFC 9293 3.8.6.3); an ACK that comes so soon after another segment may be
# the one for that.
DELAYED_ACK_NS = 500 * NS_PER_MS
# A counter of IP IDs that jumps further is not that of one connection.
FARTHEST_ID = 1_000
# So many packets with one hop limit make it the usual one.
FEWEST_HOP_LIMITS = 3
# A change of the window that more than this share of the packets show is the rule.
WINDOW_MOSTLY = 0.9
# A lost probe alone does not ask whether the host there stood still: a pause delays, and takes more than one.
FEWEST_FOR_A_PAUSE = 2

# Bounds of a delay that differ by no more than this share of it are told as one number.
SAME_DELAY = 0.05

# So many frames are cited of a long list, and so many examples of a change.
MOST_CITED, MOST_EXAMPLES = 12, 3
# So many candidates are named when a connection can be more than one.
MOST_NAMED = 3
# More rows than this nobody reads: of a connection with much loss, the first and the last packets are shown.
MOST_FIRST, MOST_LAST = 15, 45
# An answer that left this soon after a packet had come in shows the time there and back, however the clocks drift.
SOON_NS = 10 * NS_PER_S
# So many packets that came in within this time were waiting, if they were sent over so long.
FEWEST_AT_ONCE, AT_ONCE_NS, STOOD_FROM_NS = 3, 10 * NS_PER_MS, 1 * NS_PER_S
# A host that has not answered a SYN when it is sent again has not answered it (RFC 6298 section 2: 1 s at first).
SYN_UNANSWERED_NS = 900 * NS_PER_MS
# Fewer segments that got lost are by chance the larger ones too often to be told as such.
FEWEST_LOST_BY_SIZE = 3
