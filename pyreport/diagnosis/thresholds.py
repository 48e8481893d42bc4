"""Every threshold of the diagnosis, with its reason and its source. Durations are in nanoseconds."""

from __future__ import annotations

from pyreport.base.units import NS_PER_MS, NS_PER_S

# From this age of the last data on, a close follows a silence, not traffic: longer than a retransmission or two
# (RFC 6298: RTO of 1 s at first), shorter than the shortest idle limits in use.
IDLE_FROM_NS = 2 * NS_PER_S
# The shortest limit of a device in known_timers.toml.
SHORTEST_LIMIT_NS = 30 * NS_PER_S
# An application that reads its socket closes within this time of the peer's FIN; longer means that it was not looking.
PROMPT_CLOSE_NS = NS_PER_S
# A log line that is written this long after the capture's end may be about what came later.
LONG_AFTER_CAPTURE_NS = 10 * 60 * NS_PER_S
# Timers that ran out while a host stood still fire as soon as it goes on (kernel/time/timer.c); the first within this.
AT_ONCE_NS = NS_PER_S
# Documentation/networking/ip-sysctl.rst: Linux keeps an orphaned FIN_WAIT2 for tcp_fin_timeout, 60 s by default, and
# acknowledges keep-alive probes in that time (net/ipv4/tcp_minisocks.c tcp_timewait_state_process).
LINUX_FIN_TIMEOUT_NS = 60 * NS_PER_S

# A process that ends closes its sockets one after the other, at once; a second leaves room for a busy host.
TOGETHER_NS = NS_PER_S
# What a translator forgot shows when each connection is used next. So many closes are looked at, at most.
ELSEWHERE_NS = 10 * NS_PER_S
MOST_CLOSES = 500
# So many connections of one service that end together are no accident; two may be.
FEWEST_TOGETHER = 3
# Two that one program closes are no further apart: it goes over its sockets, and does nothing in between.
AT_A_STROKE_NS = 50 * NS_PER_MS
# Of two spreads one is the tighter when the other is this many times as wide: jitter alone does not make that.
TIGHTER = 10
# No program asks for so many ports of one host: a port scan does.
MANY_PORTS = 5
# Nor do so many hosts fail to connect to one service, each for a reason of its own.
MANY_CLIENTS = 5
# People set limits to multiples of five seconds.
ROUND_LIMIT_NS = 5 * NS_PER_S
# Those of two minutes and more to multiples of half a minute.
LONG_LIMIT_NS, ROUND_LONG_LIMIT_NS = 120 * NS_PER_S, 30 * NS_PER_S
# A service that does not listen a minute after it closed is down, not busy.
SYN_SOON_NS = 60 * NS_PER_S

# Two ages are the same limit when they differ by no more: Kafka's Selector looks every 300 ms at most (Selector.poll
# from SocketServer.scala), others once a second and later on long limits.
SAME_AGE_NS = 300 * NS_PER_MS
SAME_AGE_SHARE = 100  # or one hundredth of the age
# Limits are set in whole seconds, and a connection is closed soon after: an age that is a whole number of seconds to
# this is rarely one by chance (1 in 10).
WHOLE_SECOND_NS = 100 * NS_PER_MS
# A delayed acknowledgment (Linux TCP_DELACK_MIN) and the timer's tick may make an age look shorter than it is.
SHORT_OF_IT_NS = 50 * NS_PER_MS
# What the age of an idle connection may fall short of a limit by, beside the round trip of the path: the other side's
# last segment may be an ACK that it held back (RFC 1122 4.2.3.2; Linux TCP_DELACK_MIN, 40 ms),
DELAYED_ACK_NS = 40 * NS_PER_MS
# and products count in whole milliseconds or ticks (10 ms at HZ 100).
CLOCK_STEP_NS = 10 * NS_PER_MS
# How much later than its limit a product may act: most look once a second, or more often.
LIMIT_LATE_NS = NS_PER_S
# So many closes at one age between two hosts are a rule; with two, an age may be the same by chance.
FEWEST_PERIODIC = 3

# RFC 6298 section 5.5: the timer doubles. Fewer repeats than this are ordinary loss; Linux gives up after 15
# (tcp_retries2) or at TCP_USER_TIMEOUT.
FEWEST_REPEATS = 3
# The doubled timer, less what the kernel's ticks and a new measurement of the round trip take from it.
BACKOFF = 1.5
# The next repeat comes after twice the time (RFC 6298 section 5.5); when it has not come after three times, none will.
RAN_OUT = 3
# Second copies of one packet come within this time (pyreport.quality.copies); Linux TCP_RTO_MIN is 200 ms.
COPY_NS = 5 * NS_PER_MS
# An answer is late, not just on a slow path, when it takes so many round trips and at least this time.
LATE_ROUND_TRIPS = 5
LATE_NS = 200 * NS_PER_MS
# The TSval clock of RFC 7323 section 5.4 is to run at 1 ms to 1 s a tick. It stood still for a gap in which it went on
# by less than half of what its earlier pace makes.
CLOCK_STOOD = 0.5
# How far a TSval may be off its line: a tick of 10 ms and the jitter of a path, or this share of the time in between.
TIMESTAMP_SLACK_NS, TIMESTAMP_SHARE = 100 * NS_PER_MS, 0.02
# A line needs so much time, and a counter so many steps, to be trusted.
BASELINE_NS, BASELINE_STEPS = NS_PER_S, 3
# So many probes without an answer end a connection by default, or more: 8 on BSD (tcp_timer.h, TCPTV_KEEPCNT), 9 on
# Linux (tcp_keepalive_probes), 10 on Windows
# (SIO_KEEPALIVE_VALS).
FEWEST_PROBES_BY_DEFAULT = 8
# A counter that steps by one this often counts the packets of this connection (see pyreport.quality.packet_counter).
COUNTER_MOSTLY = 0.8
# A jump of the counter by so many packets at most is still its law: frames between may not be in the capture. A jump
# further than the second is a new counter.
FARTHEST_ID, NEW_COUNTER = 64, 1_000
# Packets that a path or a capture with several queues puts in another order are few apart.
REORDERED = 8
# Frames of the peer that come this long after an RST in its name were sent after it, whatever the path's queues.
AFTER_RESET_NS = NS_PER_S
# An RST of a prober that comes this near to the time of its next probe came from its keep-alive timer: 2 % for the
# kernel's rounding (kernel/time/timer.c: 1/8 of a level at most, mostly far less) and a path's delay.
TIMER_SHARE, TIMER_SLACK_NS = 0.02, 50 * NS_PER_MS
# RFC 6298 section 2.1: before a round trip is measured, a sender waits this long before it sends again. What is younger
# when the capture ends may be on its way.
IN_FLIGHT_NS = NS_PER_S
# Sequence numbers so near to each other are of one connection: the largest window that most systems open (6 MiB, Linux
# tcp_rmem). Of two numbers that have nothing to do with each other one pair in 100,000 is as near.
NEAR_NUMBERS = 6 * 2**20
# A segment that came under a wrong address, its copies, and what refuses them; so many of that kind are looked at.
STRAY_FRAMES, MOST_STRAYS = 20, 10
# A message that takes leave (QUIT, an HTTP/2 GOAWAY and a TLS alert, both encrypted) is not longer, in octets.
LONGEST_LEAVE = 100
# Nor is a command without arguments longer, in octets: QUIT and PING, COM_QUIT, a TLS alert (RFC 8446 section 5.2).
LONGEST_COMMAND = 31
# What ends a TLS handshake is not longer, in octets: ChangeCipherSpec and Finished, which has a hash of up to 48 octets
# and is encrypted (RFC 5246 section 7.4.9, RFC 8446 section 4.4.4).
LONGEST_FINISHED = 100
# So many requests with a reply show that the connection's requests have replies; one or two may be a greeting.
FEWEST_TURNS = 3
# Signs of life prove that a host ran while it was asked in vain when no more than this share of the time lies between
# one sign and the next: frames that come all at the end tell of a host that woke up.
LARGEST_LAPSE = 2 / 3
# An RST that comes sooner than this share of the least time that its sender's host ever took was not made there: a
# third leaves room for a measured minimum that has interrupt coalescing in it.
SOONER_SHARE = 1 / 3
# Between answers that are nearer to each other than this, and of fewer answers than these, the load of a host decides.
SOONER_BY_NS, FEWEST_ANSWERS = NS_PER_MS, 3
# A check of a balancer or a monitor is over in this time after the handshake: it has nothing to say.
CHECK_OVER_NS = NS_PER_S
# A check that asks something is told from a client by its clock: so many in a row that are equally far apart, give or
# take this share of the time in between. What it asks is short: a line and headers, a greeting, a PING.
FEWEST_ASKING, ASKING_SHARE, LONGEST_QUESTION = 4, 0.05, 1_000
# So many monitors may ask the same of one service, from one host: each has one more check than FEWEST_ASKING, and
# between two of its checks there are fewer of the others than this.
MOST_TIMERS, REACH = 4, 16
# So many messages without a word in return are no accident, when the silence is so many times the longest before it.
FEWEST_UNHEARD, UNHEARD_SHARE = 2, 2
# So many segments behind an RST are not there for a capture that puts one in another order.
FEWEST_NEW = 2
# A full segment has so many octets at least (RFC 9293 section 3.7.1: the limit where none was announced, over IPv4).
LEAST_FULL = 536
# What TCP's options take of a full segment (RFC 7323: 12 octets for timestamps; RFC 9293 3.7.1: 40 octets at most).
MOST_OPTIONS = 40
# A host that stood still for less is a busy one, or one whose hypervisor gave the processor to others for a moment.
STOOD_FROM_NS = NS_PER_S
# Two clocks tell two ages when these differ by more than a path's jitter, or by a fiftieth.
OTHER_AGE_NS, OTHER_AGE_SHARE = 500 * NS_PER_MS, 50
# So many other connections of the two hosts are asked for a clock.
WITNESSES = 50
# Frames that come in this close to each other were waiting somewhere: a card hands over a full ring in this time.
BURST_NS = 50 * NS_PER_MS
# How long after one and a half times the keep-alive an MQTT server closes, at most: Mosquitto looks every 5 s
# (src/keepalive.c), others once a second or with the next tick of a slower clock.
MQTT_LATE_NS = 10 * NS_PER_S
# A stream is what comes unasked for a minute, with so many pauses that it is no long reply. It has stopped, and does
# not merely pause, after a silence of so many times its longest pause: of events that come at random, and ten of which
# were seen, one silence in a million is as long.
STREAMED_FROM_NS, FEWEST_STREAMED = 60 * NS_PER_S, 10
STREAM_SILENCE_NS, STREAM_SILENCE_SHARE = 10 * NS_PER_S, 5
# So many messages of one size, equally far apart (ASKING_SHARE), are sent by a timer.
FEWEST_BEATS = 5
