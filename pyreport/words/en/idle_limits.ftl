# Why a known limit matches the end of an idle connection, or does not.

idle-limit-after-fin = This limit counts only after a FIN, and the connection was open until the end.
idle-limit-other-service = This limit is for { $limited }, and the port here is { $service }'s.
idle-limit-unacknowledged = This limit counts while data waits for its acknowledgment, and none did.
idle-limit-of-device = This limit is of a device on the path, and the RST came from that side's own socket.
idle-limit-of-server = This limit is the server's, and the client closed.
idle-limit-of-client = This limit is the client's, and the server closed.
idle-limit-ends-otherwise = This limit { $ends ->
    [fin] closes with a FIN
    [rst] closes with an RST
    [silent] drops a connection without a packet of its own
   *[rst_next] answers the next packet with an RST
}; this connection { $ended ->
    [fin] ended with a FIN
    [rst] ended with an RST that answered nothing
    [silent] ended in silence
   *[rst_next] ended with an RST that answered a packet
}.
idle-limit-refreshed = Keep-alive probes refresh this limit, and { $answers ->
    [one] one was answered { $before } before the end.
   *[other] the last of { COUNT($answers) } answers came { $before } before the end.
}
idle-limit-off = This limit is off by default.
idle-limit-equals = The connection had been without { $measured } for { $age }, and the default of this limit is { $limit }.
idle-limit-passed = The default of this limit, { $limit }, had run out: the connection had been without { $measured } for { $age } when the next packet came.
idle-limit-not-reached = The default of this limit is { $limit }, and the connection had been without { $measured } for { $age } only.
idle-limit-long-passed = The default of this limit is { $limit }, and the connection had been without { $measured } for { $age } already.
idle-limit-outlived = The default of this limit is { $limit }, and the connection had outlived a longer silence before.
idle-limit-settable = { $misfit } It can be set to { $age }.
idle-limit-settable-or-less = { $misfit } It can be set to { $age } or less.
