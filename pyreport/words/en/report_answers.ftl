# Service, network, host or application? And what stays open.

subject-service = { $of_client ->
    [yes] Other end (client)
   *[no] Service
}
subject-network = Network
subject-host = Host
subject-application = Application

# Stands between the subject and the reason: "Network: cleared."
standing-involved = involved
standing-cleared = cleared
standing-not_cleared = not cleared
standing-no_sign = no sign of a fault
standing-unknown = unknown

answer-service-did-not-close = { $who } did not close the connection in this capture.
answer-service-probed-in-vain = { $who } probed, nothing answered, and its kernel gave up.
answer-service-stalled = { $unread ->
    [yes] The program of { $who } did not read what had come in.
   *[no] The program of { $who } did not answer.
}
answer-service-was-left = { $who } ended the connection.
answer-service-closed-in-order = { $first ->
    [yes] { $who } closed first, in order.
   *[no] { $who } closed in order, and so did the other side at the same time.
}
answer-service-close-looks-foreign = The close in the name of { $who } does not look like { $who }'s own.
answer-service-closed = { $how ->
    [fin] { $who }'s end closed the connection in order, with a FIN.
   *[reset] { $who }'s end closed the connection with an RST.
}
answer-service-gave-up = { $who } sent its data again and again, nothing acknowledged it, and it gave up.
answer-same-reason = { $subject ->
    [service] { $of_client ->
        [yes] The reason is the same as for the other end.
       *[no] The reason is the same as for the service.
    }
    [network] The reason is the same as for the network.
   *[host] The reason is the same as for the host.
}
answer-network-next-hop = The next hop on the link, { $target }, did not answer.
answer-network-refused = The device { $device } did not pass on what { $sender } sent.
answer-path-or-host-silent = The path did not answer, or the host at its other end did not. From this end the two look the same.
answer-network-may-have-sent-it = The end that the closing frame names may have sent it, or a device on the path.
answer-device-may-have-reset = The RST bears the name of { $who }. A device on the path may have sent it.
answer-host-stood-still = The host of { $who } did not run for a time.
answer-host-not-told = This capture does not tell.
answer-application-ended-it = The application ended the connection itself.
answer-application-pings = { $who } sent HTTP/2 PINGs, and { $other } closed the connection because of them.
answer-application-nothing = Nothing in this capture speaks against the application of { $who }.

# The cause in words, on the first page.
cause-idle-limit = { $sure ->
    [yes] The cause is most likely
   *[no] The cause may be
} an idle limit of { $age }, at { $peer } or at a proxy or balancer in front of it. Keep-alive probes carry no data and do not refresh such a limit.
cause-peer-said = { $peer } ended the connection for the reason that it gave itself (frame { $frame }). Its own log at that time may tell more.
cause-peer-closed-owing = The capture does not tell why { $peer } closed the connection instead of replying. A time limit on the request, or the end of the program that was at it, does so. The log of { $peer } at that time would tell.
cause-sent-once = The cause may be a network path that lost each copy of the missing bytes, or { $who }, which did not send them again. A capture at { $who } tells.
cause-peer-closed = The capture does not tell why { $peer } closed the connection. Its own log at that time would.
cause-peer-reset = { $by ->
    [socket] The RST came from the socket of { $peer } itself, not from a device on the path. The capture does not tell why { $peer } gave the connection up. Its own log at that time would.
    [program] The RST comes from the host of { $peer } and answers nothing: the program there gave the connection up at once. Its own log at that time would tell why.
    [program_or_host] An RST without a FIN that no device on the path sent comes from a program that gives the connection up at once, or from a host that does not know the connection. The log of { $peer } tells which.
    [program_or_device] An RST that answers nothing, without a FIN, comes from a program that gives the connection up at once, or from a device on the path in the name of { $peer }. The log of { $peer }, or a capture there, tells which.
   *[any] An RST without a FIN comes from a program that gives the connection up at once, from a host that does not know the connection, or from a device on the path in the name of { $peer }. The log of { $peer }, or a capture there, tells which.
}
cause-device = { $sure ->
    [yes] The cause is most likely
   *[no] The cause may be
} a device on the path, such as a firewall, a balancer or a translator (NAT). Neither end is known to have closed the connection.
cause-device-or-filter = { $sure ->
    [yes] The cause is most likely
   *[no] The cause may be
} a device on the path, such as a firewall, or a packet filter of the host of { $who }. Neither end's socket is known to have closed the connection.
cause-own-filter = The cause is most likely a packet filter of the host of { $who }, not the program there and not a device on the path.
cause-untranslated = { $sure ->
    [yes] The cause is most likely
   *[no] The cause may be
} a translator on the path (NAT, a service address of a container network), which let a packet through under another address. What the receiver refused was then refused to the sender.
cause-peer-restarted = { $sure ->
    [yes] The cause is most likely
   *[no] The cause may be
} { $what ->
    [host] a restart of the host of { $peer } (or of its container), which forgot its connections without a FIN. The end of a program alone would do this only where the path lost the FIN
   *[program] an end or a restart of the program of { $peer }
}{ $several ->
    [yes] , which ended several connections at once
   *[no] { "" }
}.
cause-size = { $sure ->
    [yes] The cause is most likely
   *[no] The cause may be
} a link on the way that takes smaller packets than the ends send (its MTU). The ends do not learn of it.
cause-refused = { $sure ->
    [yes] The cause is most likely
   *[no] The cause may be
} { $unreachable ->
    [yes] that { $far } is out of reach: its host or a link to it is down, or a route is wrong. The device { $device } on the way says so
   *[no] the device { $device } on the way, which refuses packets of this connection
}.
cause-not-taken-in = The cause may be the kernel that got the data and does not accept them, or a device on the way that changes their numbers or timestamps.
cause-silence = { $sure ->
    [yes] The cause is most likely
   *[no] The cause may be
 } { $where ->
    [path] a network path that lost packets.
    [host] the host that did not answer: it did not run or did not accept what had arrived, or a packet filter took it.
    [link] the host that did not answer, or the last link to it. No router lost what was sent. The host did not run or did not accept what came, a packet filter of it took it, or the link lost it.
    [filter] a path that let nothing of this connection through, or a packet filter of the host that did not answer. That host was alive. From one capture the two look the same.
    [stood] a network path that let nothing through for a time, or a host at its other end that stood still or was asleep. From one capture the two look the same.
   *[either] a network path that let nothing through, or a host at its other end that was down. From one capture the two look the same.
}
cause-host-frozen = { $sure ->
    [yes] The cause is most likely
   *[no] The cause may be
} a host that stood still, such as a virtual machine that was paused, migrated or starved.
cause-closer-in-doubt = The capture does not show whether { $local } or { $peer } closed first.
cause-local-closed = { $alone ->
    [yes] The program of { $local } closed the connection, not the peer and not the network. Why it did so stands in its own log or code.
   *[no] The program of { $local } closed the connection. It may have done so for what went wrong before: its own log tells.
}
cause-closed-one-way = The program of { $local } had closed its side, and may have waited for more. A device on the path, which had forgotten the connection, may have refused what came then. A capture at { $local } tells.
cause-peer-stalled = The program of { $peer } did not read or did not answer, while its kernel and the network took part to the end.
cause-local-stalled = The program of { $local } did not read what came, while its kernel and the network took part to the end. What it did instead stands in its own log, or in a stack dump of the process.
cause-never-opened = { $refused ->
    [yes] The connection was never open.
   *[no] The connection was never open: { $peer } did not get the request or did not accept it, or its answer was lost.
}
cause-answer-untranslated = { $sure ->
    [yes] The cause is most likely
   *[no] The cause may be
} a translator on the path (NAT, a service address of a container network), which let the answer through under another address.
cause-never-completed = The connection was never complete: the answer of { $who } did not reach { $other }, or { $other } did not take it, or its acknowledgment was lost.
cause-not-accepted = The cause may be a full queue of new connections at { $who }, or a path that does not carry what { $other } sends. The host of { $who } ran.
cause-waited-for = { $sure ->
    [yes] { $peer } most likely gave up waiting
   *[no] { $peer } may have given up waiting
} for { $local }: the program of { $local } did not answer or did not read. What it did instead stands in its own log, or in a stack dump of the process.
cause-both-stalled = Neither the program of { $local } nor that of { $peer } read. Each may have waited for the other one, while both kernels and the network took part to the end.
cause-one-way = { $sure ->
    [yes] What { $who } sent most likely did not get to { $other }
   *[no] What { $who } sent may not have got to { $other }
}: the path in that direction loses it, or a filter before { $other } drops it. The other direction works.
cause-unknown = The capture does not tell the cause.

# How long the local end kept its socket; said wherever this time is told.
close-wait = { $until ->
    [own_fin] { $who } kept its socket open (state CLOSE-WAIT) for { $kept } after the FIN of { $peer }, until it sent its own FIN.
    [reset] { $who } kept its socket open (state CLOSE-WAIT) for { $kept } after the FIN of { $peer }, until the RST.
   *[capture_end] { $who } kept its socket open (state CLOSE-WAIT) for at least { $kept } after the FIN of { $peer }, until the end of the capture.
}

# No device on the path closed in its name; who answers at its address, no capture at the other end shows.
open-which-program-closed = Did the program at { $peer } close, or a proxy or balancer that answers at its address? A capture on { $peer } would tell.
open-who-sent-the-close = Did { $peer } itself send the close, or did a device in front of it? A capture on { $peer } would tell.
open-which-limit = Which limit of { $age } was it, and where is it set? The configuration of { $peer } and of every proxy and balancer in front of it would tell.
open-why-silent = Why did the application of { $who } send nothing for { $age }? Its own log or a thread dump would tell.
open-why-forgotten = Why had { $who } forgotten the connection { $after } after its own FIN? Its settings tcp_fin_timeout and tcp_max_tw_buckets would tell, and whether it is a proxy.
open-what-was-lost = Were the probes lost, or their answers, and where? A capture at the other end for the same time would tell.
open-did-the-syn-arrive = Did the SYN reach { $peer }, and did { $peer } answer it? A capture on { $peer } would tell.
open-who-refused = Did { $peer } itself send the RST, or did a device in front of it? A capture on { $peer } would tell.
open-how-it-ended = How did the connection end? A capture that covers its end would tell.
