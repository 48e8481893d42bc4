# What is known of the program at the local end.

kafka-request-named = { $api } version { $version }, correlation id { $id }
kafka-last-request = The last Kafka request is { $request }.
kafka-last-request-before-close = The last Kafka request is { $request }. It was sent { $before } before the close.
kafka-client-id = Its client id is “{ $id }”.
kafka-client-software = The client names itself “{ $name }”.
kafka-wants-no-response = The request asks for no response (acks=0).
kafka-no-response = This capture has no response to it.
kafka-response = The response came { $after } after the request.
kafka-response-after-close = The response came { $after } after the request, and so only after the close.
kafka-outstanding-untold = { $at ->
    [close] Whether { $server } owed a response at the close cannot be told.
   *[capture_end] Whether { $server } owed a response at the end of the capture cannot be told.
} Not all that it sent could be read as Kafka, as when a capture begins in the middle of a message.
kafka-none-outstanding = { $at ->
    [close] No request was outstanding at the close: { $server } owed no response.
   *[capture_end] No request was outstanding at the end of the capture: { $server } owed no response.
}
kafka-outstanding = { $at ->
    [close] { $count ->
        [one] One request was outstanding at the close.
       *[other] { COUNT($count) } requests were outstanding at the close.
    }
   *[capture_end] { $count ->
        [one] One request was outstanding at the end of the capture.
       *[other] { COUNT($count) } requests were outstanding at the end of the capture.
    }
}
kafka-oldest-outstanding = { $count ->
    [one] It is { $request }.
   *[other] The oldest of them is { $request }.
}
kafka-response-may-be-missing = But this capture lacks frames or parts of frames, and the response may be among them.

spoke-last = { $who } sent the last payload ({ $sent } bytes).
spoke-last-before-close = { $who } sent the last payload ({ $sent } bytes), { $before } before the close.
spoke-before = Before that, { $who } had sent { $sent } bytes.
spoke-alone = The capture has no payload of { $other }.

reset-drawn-by-probe = A keep-alive probe of { $who }'s kernel drew the RST. No write of the application was needed to find the connection gone.
reset-drawn-by-write = A write of { $who } ({ $sent } bytes) drew the RST. For the program, that write had succeeded; the error comes with the next use of the socket.

no-packet-for-the-write = No packet exists for the failed write, and none is to be expected: the RST had made the socket dead, so the write failed inside the host.

error-proves-fin-then-rst = “{ $error }” as the first error of a connection means, on Linux, that a FIN came first and an RST after it. The capture shows both.
error-proves-rst-alone = “{ $error }” means that an RST came without a FIN before it. The capture shows this.
error-proves-giving-up = “{ $error }” means that nobody answered. The kernel of { $who } gave up.
error-of-silent-giving-up = “{ $error }” means that nobody answered. A kernel sends nothing when its retransmissions run out (tcp_write_err), so a capture without a close is no contradiction.
error-proves-fin-was-read = “{ $error }” means that the application read the FIN: the peer closed in order.
error-is-own-limit = “{ $error }” is a limit of the program itself. It does not tell in which state the connection was.
error-fin-or-rst = { $how ->
    [fin] “{ $error }” can mean a FIN or an RST. The capture shows a FIN.
   *[reset] “{ $error }” can mean a FIN or an RST. The capture shows an RST.
}
error-closed-here = “{ $error }” means that the program that wrote the line closed the connection itself.
error-tells-reason = { $reason ->
   *[too_many_pings] The log line also gives the reason: { $who } took the other end's HTTP/2 PINGs for too many (GOAWAY, ENHANCE_YOUR_CALM, “too_many_pings”) and ended the connection. These are pings of HTTP/2, not keep-alive probes of TCP.
}
error-logged-late = { $sign ->
    [fin] The application wrote the line { $after } after the FIN.
   *[reset] The application wrote the line { $after } after the RST.
} The kernel keeps what happened until the application uses the socket; only then is there something to log.
