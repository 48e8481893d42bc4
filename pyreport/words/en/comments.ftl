# Comments on packets: each finding of the plugin in a line. An argument that the finding does not have is "none".

comment-gave-up = { $by } gave up: RST after { $unanswered ->
    [one] an unanswered probe (frame { $first_probe_frame })
   *[other] { $unanswered } unanswered probes (frames { $first_probe_frame } to { $last_probe_frame })
  }
comment-post-fin-reset = RST for the { $cause_kind ->
    [write] write
   *[probe] probe
  } in frame { $cause_frame }, { $after_fin_ns } after FIN { $fin_frame }
comment-missed = { $by } missed { $intervals ->
    [one] one interval
   *[other] { $intervals } intervals
  }, { $overdue_ns } overdue
comment-post-fin-write = { $bytes ->
    [one] 1 byte
   *[other] { $bytes } bytes
  } written { $after_fin_ns } after FIN { $fin_frame }
comment-write-after-own-fin = { $bytes ->
    [one] 1 byte
   *[other] { $bytes } bytes
  } sent after the own FIN { $fin_frame }
comment-unanswered = No answer to the probe in frame { $probe_frame } within { $waited_ns }, { $in_a_row } in a row
comment-retransmission-timeout = { $by } sent the data of frame { $data_frame } again, { $repeats ->
    [one] once
   *[other] { $repeats } times
  }, without an acknowledgment for { $waited_ns }
comment-capture-hole = No frame for { $length_ns }, probes due on { $connections ->
    [one] one connection
   *[other] { $connections } connections
  }
comment-setting-changed = { $by } changed its keep-alive interval from { $before_ns } to { $after_ns }
comment-refused-by = { $device } refuses a segment of { $sender } (ICMP type { $icmp_type }, code { $icmp_code })
comment-late = Probe { $overdue_ns } late
comment-reset = { $by } resets the connection (RST), { $packet_idle_ns } after the packet before it
comment-fin = { $silence_ns ->
    [none] { $by } closes first (FIN)
   *[other] { $by } closes first (FIN) after { $silence_ns } of silence
  }
comment-closed-before-due = Closed { $margin_ns } before the next probe was due
comment-post-fin-probe = Probe { $after_fin_ns } after FIN { $fin_frame }: the socket is still open
comment-fin-ack = Acknowledges FIN { $fin_frame } after { $delay_ns }
comment-probe = { $answer_frame ->
    [none] Probe { $number }
   *[other] Probe { $number }, answered in frame { $answer_frame }
  }
comment-answer = Answers the probe in frame { $probe_frame } after { $delay_ns }
