"""What each public capture teaches, in a trace that anybody can run: one twin or more for each, by its name."""

from __future__ import annotations

from tests.dissector.trace import OPEN, PROBED

CLOSED = (
    OPEN
    + """
    2.000 client FIN : fin
    2.001 server ACK : fin_ack
"""
)
OPEN_AND_CLOSE = (
    CLOSED
    + """
    2.002 server FIN
    2.003 client ACK
"""
)

TWINS: dict[str, dict[str, str]] = {
    "suricata-verify_mysql-multi-queries.pcap": {
        "the capture ends behind an answer, and nothing is missed": OPEN
        + """
        16.363 client probe : probe
        16.364 server ACK   : answer
        31.723 client probe : probe
        31.724 server ACK   : answer
        47.083 client probe : probe
        47.084 server ACK   : answer
        """,
    },
    "PcapPlusPlus_many-protocols.pcap": {
        "a zero byte in the middle of a silence is known by the same byte after the next silence": """
        0.000  client probe len=1 octet=0 : => probe
        0.001  server ACK                 : => answer
        10.000 client probe len=1 octet=0 : probe
        10.001 server ACK                 : answer
        """,
        "what announces a window right behind data is no probe": OPEN
        + """
        1.082 client ACK seq-1 win=400
        1.083 server ACK
        """,
        "a FIN acknowledges the probe before it": OPEN
        + """
        11.003 client probe len=1 octet=0 : probe
        11.004 server FIN                 : fin, answer
        11.005 client ACK                 : fin_ack
        """,
    },
    "PcapPlusPlus_Sll2Packet.pcap": {
        "probes a second apart, before and after data, from the middle of a silence on": """
        0.000 client probe  : => probe
        0.001 server ACK    : answer
        1.020 client probe  : probe
        1.021 server ACK    : answer
        1.500 client len=10
        1.501 server len=20
        1.502 client ACK
        2.522 client probe  : probe
        2.523 server ACK    : answer
        """,
        "a side still writes what its peer takes after its own FIN": CLOSED
        + """
        2.002 server len=30 : post_fin_write => post_fin_write/Note
        2.003 client ACK
        2.004 server FIN
        2.005 client ACK
        """,
    },
    "zeek_smb_v2_only.pcap": {
        "both sides probe with a byte, and a reset comes before either is due again": OPEN
        + """
        31.003 client probe len=1 : probe
        31.004 server ACK         : answer
        31.500 server probe len=1 : probe
        31.501 client ACK         : answer
        61.004 client probe len=1 : probe
        61.005 server ACK         : answer
        61.501 server probe len=1 : probe
        61.502 client ACK         : answer
        75.000 client RST         : reset/Note, closed_before_due, closed_before_due
        """,
    },
    "ITI_EIP-IPAddressChangeAttempt.pcap": {
        "data in between: a long time without a probe is no gap": PROBED
        + """
        18.000 client len=10
        18.001 server ACK
        21.000 client len=10
        21.001 server ACK
        26.008 client probe  : probe
        26.009 server ACK    : answer
        """,
        "the last probe, though the capture goes on": PROBED.replace(
            "16.020 server ACK   : answer", "16.020 server ACK : answer => missed, answer"
        )
        + "\n".join(f"{second}.000 other" for second in range(20, 190, 4)),
    },
    "nDPI_wechat.pcap": {
        "an answer with another window": OPEN
        + """
        46.063 client probe       : probe
        46.064 server ACK win=400 : answer
        """,
        "probes pause for some time, while the capture goes on": PROBED
        + "\n".join(f"{second}.000 other" for second in range(20, 200, 4))
        + """
        201.000 client probe : missed, probe
        201.001 server ACK   : answer
        """,
        "a probe long after the peer's FIN": PROBED
        + """
        17.000 server FIN   : fin, closed_before_due
        17.001 client ACK   : fin_ack
        22.009 client probe : post_fin_probe, probe
        """,
    },
    "nDPI_bittorrent_transmission.pcapng": {
        "Linux asks a closed window": OPEN
        + """
        2.000 client len=30
        2.001 server ACK win=0
        2.201 client ACK seq-1
        2.202 server ACK win=0
        4.602 client ACK seq-1
        4.603 server ACK win=0
        """,
        "a FIN overtakes the ACK before it": OPEN
        + """
        2.000 client FIN       : fin
        2.001 client ACK seq-1
        2.002 server ACK       : fin_ack
        """,
        "a written byte once more": OPEN
        + """
        6.000 client len=1
        9.000 client len=1 seq-1
        9.001 server ACK
        """,
        "a side writes whose kernel has the FIN already, and the RST refuses it": OPEN
        + """
        2.000 server FIN    : fin
        2.500 client len=30 : post_fin_write, fin_ack
        2.550 server RST    : post_fin_reset
        """,
    },
    "nDPI_pinterest.pcap": {
        "one probe in the middle of a silence": """
        0.000 client probe : => probe
        0.001 server ACK   : answer
        """,
        "data crosses the FIN, and a RST follows": OPEN
        + """
        2.000 server FIN          : fin
        2.001 client len=30 ack-1
        2.002 server RST          : reset/Note
        """,
    },
    "nDPI_starcraft_battle.pcap": {
        "the closing alert comes behind the peer's FIN and is reset": OPEN
        + """
        2.000 server FIN         : fin
        2.001 client ACK         : fin_ack
        2.002 client tls13-alert : post_fin_write/Note
        2.003 server RST         : post_fin_reset/Note
        """,
    },
    "suricata-verify_smtperr.pcap": {
        "FIN, acknowledgment, a write, a RST": OPEN
        + """
        6.400 client FIN    : fin
        6.401 server ACK    : fin_ack
        6.900 server len=40 : post_fin_write
        6.901 client RST    : post_fin_reset
        """,
    },
    "zeek_comp014.pcap": {
        "two writes after the FIN, one RST": OPEN
        + """
        9.300  server FIN      : fin
        9.301  client ACK      : fin_ack
        10.950 client len=1400 : post_fin_write
        10.951 client len=1412 : post_fin_write
        12.750 server RST      : post_fin_reset
        """,
    },
    "zeek_modbus_fuzz-1011.pcap": {
        "the write itself acknowledges a FIN of long ago": OPEN
        + """
        2.000   server FIN    : fin
        498.000 client len=12 : post_fin_write, fin_ack
        """,
    },
    "zeek_reassembly.pcap": {
        "a legal half-close: all of a long upload is acknowledged, and the FIN comes twice": OPEN
        + """
        2.000  server FIN        : fin
        2.300  server FIN seq-1
        2.301  client ACK        : fin_ack
        3.000  client len=1000   : post_fin_write => post_fin_write/Note
        3.001  server ACK
        8.000  client len=1000   : post_fin_write/Note
        8.001  server ACK
        12.000 client FIN
        12.001 server ACK
        """,
    },
    "kafka-go_v1-v1.pcapng": {
        "the response comes behind the FIN, and is taken": OPEN
        + """
        2.000 client len=30
        2.001 client FIN     : fin
        2.002 server ACK     : fin_ack
        2.100 server len=200 : post_fin_write/Note
        2.101 client ACK
        2.102 server FIN
        2.103 client ACK
        """,
    },
    "suricata-verify_eve-ftp-data.pcap": {
        "response and FIN follow the client's FIN, and a RST comes": OPEN
        + """
        2.000 client FIN    : fin
        2.001 server len=30 : post_fin_write, fin_ack => post_fin_write/Note, fin_ack
        2.002 server FIN
        2.003 client RST    : post_fin_reset/Note
        """,
        "response and FIN cross the client's FIN, and a RST comes": OPEN
        + """
        2.000 client FIN          : fin
        2.001 server len=30 ack-1
        2.002 server FIN ack-1
        2.003 client RST          : reset/Note
        """,
    },
    "suricata-verify_http-mime-truncated.pcap": {
        "a reset long after the response": OPEN
        + """
        10.803 client RST : reset/Note
        """,
    },
    "zeek_vlan-collisions.pcap": {
        "a probe and its answer in several VLANs": OPEN
        + """
        6.003 client probe       : probe
        6.004 client copy tagged
        6.005 server ACK         : answer
        6.006 server copy tagged
        """,
        "a FIN and its acknowledgment in several VLANs": OPEN
        + """
        2.000 client FIN         : fin
        2.001 client copy tagged
        2.002 server ACK         : fin_ack
        2.003 server copy tagged
        """,
    },
    "zeek_gre-aruba.pcap": {
        "only one direction is there, and it ends with a RST": """
        0.000 client SYN
        0.001 server SYN    lost
        0.002 client ACK
        1.000 client len=10
        1.001 server ACK    lost
        2.000 client RST    : reset
        """,
    },
    "zeek_mixed-vlan-mpls.pcap": {"one FIN and the other": OPEN_AND_CLOSE},
    "zeek_pppoe-over-qinq.pcap": {
        "what does not acknowledge the FIN is no write after it, however late": OPEN
        + """
        2.000   server FIN          : fin
        237.000 client len=30 ack-1
        """,
    },
    "arkime_gre-erspan-vxlan.pcap": {"one FIN and the other": OPEN_AND_CLOSE},
}
