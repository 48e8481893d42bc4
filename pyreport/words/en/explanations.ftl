# What each explanation is called, and what would refute it.

explanation-peer_idle_close = The peer closed a connection that had carried no data for its idle limit
refute-peer_idle_close = The peer's log names another reason for closing this connection, or none of its idle limits has this length.

explanation-peer_restart = The peer's process ended or was restarted
refute-peer_restart = The start time of the peer's process, and its log at that moment.

explanation-host_frozen_there = The peer's host was frozen or gone
refute-host_frozen_there = The hypervisor's log and the kernel log of that host for that time, or a capture on it.

explanation-middlebox_close = A device on the path closed the connection in the name of one end
refute-middlebox_close = A capture on the end that is named as the sender: either it sent this close, or it did not.

explanation-path_loss = Packets were lost or held up on the network path
refute-path_loss = A capture at the other end that shows what arrived there.

explanation-retransmission_timeout = Retransmissions ran out: data was never acknowledged
refute-retransmission_timeout = Another capture that has an acknowledgment of that segment.

explanation-keepalive_gave_up = Keep-alive gave up, because no probe was answered
refute-keepalive_gave_up = Another capture that has an answer to one of the last probes.

explanation-probe_not_sent = The local host did not send keep-alive probes that were due
refute-probe_not_sent = Another keep-alive interval on this socket than the one that the capture shows.

explanation-host_frozen_here = The local host was frozen (paused, migrated or starved)
refute-host_frozen_here = The hypervisor's log of migrations and pauses, and the guest's kernel log, for that time.

explanation-capture_loss = The capture lost frames
refute-capture_loss = The drop count that tcpdump printed at its end, or a second capture of the same time.

explanation-write_on_half_closed = The local application did not close after the peer's FIN, or went on using the connection
refute-write_on_half_closed = Another capture that has a FIN of the local end soon after the peer's FIN.

explanation-application_stalled = The local application neither used nor watched the connection
refute-application_stalled = The application's own log or thread dump for that time, showing it at work on this connection.

explanation-peer_application_stalled = The peer's application did not read or did not answer, while its kernel did
refute-peer_application_stalled = The peer's own log or thread dump for that time, showing the request answered or the data read.

explanation-close_race = A request crossed the close on the way
refute-close_race = The log of the end that closed, showing the request received before the close.

explanation-mtu_black_hole = Large packets did not pass the path, and small ones did
refute-mtu_black_hole = A packet of full size that passed in that direction (ping with the don't-fragment bit, tracepath), or a capture at the other end that has them.

explanation-idle_state_forgotten = A device on the path forgot the connection while it was idle
refute-idle_state_forgotten = The tables and limits of the devices on the path, or a capture at the other end that has the segment.
