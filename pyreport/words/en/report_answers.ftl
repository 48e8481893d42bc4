# Service, network, host or application? And what stays open.

subject-service = Service
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
answer-service-was-left = { $who } ended the connection.
answer-service-closed-in-order = { $who } closed first, in order.
answer-service-close-looks-foreign = The close in the name of { $who } does not look like { $who }'s own.
answer-service-closed = { $how ->
    [fin] { $who }'s end closed the connection in order, with a FIN.
   *[reset] { $who }'s end closed the connection with an RST.
}
answer-path-or-host-silent = The path did not answer, or the host at its other end did not. From this end the two look the same.
answer-host-stood-still = The host of { $who } did not run for a time.
answer-host-not-told = This capture does not tell.
answer-application-ended-it = The application ended the connection itself.
answer-application-nothing = Nothing in this capture speaks against the application.

# How long the local end kept its socket; said wherever this time is told.
close-wait = { $until ->
    [own_fin] { $who } kept its socket open (state CLOSE-WAIT) for { $kept } after the FIN of { $peer }, until it sent its own FIN.
    [reset] { $who } kept its socket open (state CLOSE-WAIT) for { $kept } after the FIN of { $peer }, until the RST.
   *[capture_end] { $who } kept its socket open (state CLOSE-WAIT) for at least { $kept } after the FIN of { $peer }, until the end of the capture.
}

open-who-sent-the-close = Did { $peer } itself send the close, or did a device in front of it? A capture on { $peer } would tell.
open-which-limit = Which limit of { $age } was it, and where is it set? The configuration of { $peer } and of every proxy and balancer in front of it would tell.
open-why-silent = Why did the application of { $who } send nothing for { $age }? Its own log or a thread dump would tell.
open-why-forgotten = Why had { $who } forgotten the connection { $after } after its own FIN? Its settings tcp_fin_timeout and tcp_max_tw_buckets would tell, and whether it is a proxy.
open-what-was-lost = Were the probes lost, or their answers, and where? A capture at the other end for the same time would tell.
open-how-it-ended = How did the connection end? A capture that covers its end would tell.
