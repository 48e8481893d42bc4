"""What the packets of the public captures prove, capture by capture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.dissector.mark_differences import (
    ANSWERS_NO_PROBE,
    COPY,
    MORE_THAN_ACK,
    NO_SILENCE,
    NUMBER_UNSEEN,
    OTHER_WINDOW,
    PROBE_UNMARKED,
    WINDOW_CLOSED,
    WRITTEN,
)


@dataclass(frozen=True, slots=True)
class Expected:
    """Findings of one capture.

    `probes`: how many, each of them answered. `decisive`: findings by frame that make the story of the capture, with
    all that are Warn or Error. `quiet`: how many findings of a kind there are, none of them worse than a Note.
    `differences`: reasons, and how many frames have each, for which Wireshark's keep-alive marks are not the plugin's
    (None: some, as many as this Wireshark marks).
    `first_frames`: read no more than so many.
    """

    what: str
    probes: int = 0
    decisive: Mapping[int, str] = field(default_factory=dict)
    quiet: Mapping[str, int] = field(default_factory=dict)
    differences: Mapping[str, int | None] = field(default_factory=dict)
    first_frames: int | None = None


# The last retransmission of each connection of nDPI_bittorrent_transmission.pcapng whose peer is not heard again.
UNANSWERED_WRITES = (
    *(5993, 6230, 6517, 6690, 6794, 6795, 6797, 6921, 7035, 7036),
    *(7037, 7039, 7086, 7087, 7208, 7209, 7210, 7286, 7288, 7455),
)

CAPTURES = {
    "suricata-verify_mysql-multi-queries.pcap": Expected(
        "One connection, idle for 21 minutes, probed every 15.36 s; ends right behind an answer.", probes=83
    ),
    "PcapPlusPlus_many-protocols.pcap": Expected(
        "Windows probes with a zero byte after 10 s. 33 is one in the middle of a silence, known from 212, the same"
        " byte 10 s later. 1559, 79 ms behind data, announces a window. 4247, a FIN, acknowledges the probe in 4245.",
        probes=115,
        decisive={33: "probe", 34: "answer", 212: "probe", 4247: "fin, answer", 4097: "reset/Note"},
        differences={NUMBER_UNSEEN: 1, PROBE_UNMARKED: 1, NO_SILENCE: 1, ANSWERS_NO_PROBE: 1, MORE_THAN_ACK: 1},
    ),
    "PcapPlusPlus_Sll2Packet.pcap": Expected(
        "Probes every 1.02 s between data, on loopback. Where the capture starts in the middle of a silence, Wireshark"
        " misses all until there is data.",
        probes=320,
        decisive={2: "probe", 3: "answer"},
        quiet={"post_fin_write": 5},
        differences={NUMBER_UNSEEN: 125, PROBE_UNMARKED: 125},
    ),
    "zeek_smb_v2_only.pcap": Expected(
        "Windows probes every 30 s on four connections, in 202 from the server, too; the client resets all of them,"
        " with all of it answered.",
        probes=23,
        decisive={
            202: "probe",
            203: "answer",
            213: "reset/Note",
            214: "reset/Note",
            215: "reset/Note",
            216: "reset/Note, closed_before_due, closed_before_due",
        },
    ),
    "ITI_EIP-IPAddressChangeAttempt.pcap": Expected(
        "A controller probes every 8 s. The 20 s between 3734 and 3944 are no gap: data went by until 240.8 s. On the"
        " other connection the probe in 1983 is the last, though the capture goes on for 176 s.",
        probes=14,
        decisive={1984: "missed/Warn, answer", 3734: "probe", 3944: "probe"},
        quiet={"fin": 3, "fin_ack": 3},
    ),
    "nDPI_wechat.pcap": Expected(
        "Probes every 45.06 s, all answered, the one in 1038 with another window. The capture stops from 140.5 s to"
        " 279.5 s and from 580.3 s to 3816 s: in the first hole the host made three packets for 876, by its IP"
        " identification. Of three more it shows no frame after a hole. A client probes 45 s"
        " after the peer's FIN (1412).",
        probes=22,
        decisive={
            832: "answer",
            839: "answer",
            840: "capture_hole, fin",
            876: "probe",
            1504: "answer",
            1553: "capture_hole",
            1039: "answer",
            1412: "post_fin_probe, probe",
        },
        differences={NUMBER_UNSEEN: 16, PROBE_UNMARKED: 16, OTHER_WINDOW: 1},
    ),
    "nDPI_bittorrent_transmission.pcapng": Expected(
        "Most of what Wireshark marks asks closed windows to open. 1437 is an ACK that the FIN before it overtook,"
        " 5824 a byte of data. In 7714 a side writes whose kernel has the FIN already; the RST in 7716 refuses it."
        " In 1179 a side says hello 174 ms after the peer's FIN and closes with it; 1209 refuses the hello."
        " 1238, 6143 and 6334 refuse what crossed their side's FIN. To many peers each write goes out seven times.",
        probes=32,
        decisive={
            **dict.fromkeys((1238, 6143, 6219, 6334), "reset/Warn"),
            **dict.fromkeys(UNANSWERED_WRITES, "retransmission_timeout/Warn"),
            1179: "post_fin_write/Warn",
            1209: "post_fin_reset/Error",
            7714: "post_fin_write/Warn, fin_ack",
            7716: "post_fin_reset/Error",
        },
        differences={WINDOW_CLOSED: 254, NO_SILENCE: 1, ANSWERS_NO_PROBE: 1, WRITTEN: 1},
    ),
    "nDPI_pinterest.pcap": Expected(
        "IPv6. Sixteen connections in the middle of a silence, one probe each. Five closes: the data that crosses the"
        " FIN does not acknowledge it, so there is no write after it.",
        probes=16,
        quiet={"fin": 5, "reset": 5},
        differences={NUMBER_UNSEEN: 16, PROBE_UNMARKED: 16},
    ),
    "nDPI_starcraft_battle.pcap": Expected(
        "Nine TLS connections: the closing alert comes behind the peer's FIN and is reset.",
        quiet={"post_fin_write": 9, "post_fin_reset": 9},
    ),
    "suricata-verify_smtperr.pcap": Expected(
        "The client closes (9), the server's kernel acknowledges (10), the server writes (11), the client resets (12).",
        decisive={9: "fin", 10: "fin_ack", 11: "post_fin_write/Warn", 12: "post_fin_reset/Error"},
        quiet={"post_fin_write": 1},
    ),
    "zeek_comp014.pcap": Expected(
        "Two writes 1.65 s after the FIN, and the RST 1.8 s after the first.",
        decisive={
            358: "fin",
            359: "fin_ack",
            361: "post_fin_write/Warn",
            362: "post_fin_write/Warn",
            374: "post_fin_reset/Error",
        },
    ),
    "zeek_modbus_fuzz-1011.pcap": Expected(
        "A write 496 s after the FIN, whose acknowledgment number covers it.",
        decisive={5: "fin", 6: "post_fin_write/Warn, fin_ack"},
    ),
    "zeek_reassembly.pcap": Expected(
        "One side closes at once, the other writes 24 kB in 10 s, all of it acknowledged: a legal half-close.",
        decisive={6: "fin", 13: "fin_ack"},
        quiet={"fin": 1, "post_fin_write": 32},
    ),
    "kafka-go_v1-v1.pcapng": Expected(
        "On one of three connections the broker still responds after the FIN, and the client takes it.",
        decisive={83: "fin", 84: "fin", 85: "fin"},
        quiet={"post_fin_write": 2},
    ),
    "suricata-verify_eve-ftp-data.pcap": Expected(
        "Response and FIN follow the client's FIN on 27 connections and cross it on 7; a RST each.",
        quiet={"fin": 80, "post_fin_write": 27, "post_fin_reset": 27, "reset": 7},
    ),
    "suricata-verify_http-mime-truncated.pcap": Expected(
        "A client resets 9.8 s after the response. The file is cut in the middle of frame 2697.",
        decisive={2696: "reset/Note"},
        first_frames=2696,
    ),
    "zeek_vlan-collisions.pcap": Expected(
        "The same packets in several VLANs: Wireshark takes copies of ACKs for keep-alive; from 4.4 on fewer.",
        decisive={17: "fin", 29: "fin_ack"},
        differences={COPY: None},
    ),
    "zeek_gre-aruba.pcap": Expected(
        "802.11 in GRE, mostly one direction. A browser resets two connections, whose answers it has.",
        decisive={1517: "reset/Note", 1518: "reset/Note"},
        quiet={"fin": 6},
    ),
    "zeek_mixed-vlan-mpls.pcap": Expected("VLAN and MPLS, three closes.", quiet={"fin": 3, "fin_ack": 2}),
    "zeek_pppoe-over-qinq.pcap": Expected(
        "PPPoE in QinQ. What is sent 235 s after the FIN does not acknowledge it: no write after it. Nobody"
        " answers that, though it comes five times.",
        decisive={80: "fin", 86: "retransmission_timeout/Note"},
        quiet={"fin": 1},
    ),
    "arkime_gre-erspan-vxlan.pcap": Expected("GRE, ERSPAN and VXLAN, one close.", decisive={5: "fin"}),
}
