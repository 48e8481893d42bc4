"""The states of a connection's end, as the plugin tells them of a segment."""

from __future__ import annotations

from enum import StrEnum


class TcpState(StrEnum):
    """The states of RFC 9293 section 3.3.2."""

    CLOSED = "closed"
    SYN_SENT = "syn_sent"
    SYN_RECEIVED = "syn_received"
    ESTABLISHED = "established"
    FIN_WAIT_1 = "fin_wait_1"
    FIN_WAIT_2 = "fin_wait_2"
    CLOSE_WAIT = "close_wait"
    LAST_ACK = "last_ack"
    CLOSING = "closing"
    TIME_WAIT = "time_wait"


#: By the numbers of the TCP-MIB (RFC 4022, tcpConnectionState), which the plugin's fields hold.
STATES = {
    1: TcpState.CLOSED,
    3: TcpState.SYN_SENT,
    4: TcpState.SYN_RECEIVED,
    5: TcpState.ESTABLISHED,
    6: TcpState.FIN_WAIT_1,
    7: TcpState.FIN_WAIT_2,
    8: TcpState.CLOSE_WAIT,
    9: TcpState.LAST_ACK,
    10: TcpState.CLOSING,
    11: TcpState.TIME_WAIT,
}
