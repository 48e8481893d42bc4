-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The catalogue of findings: each one declared once, with its conditions, its levels, its data and its sentence.
-- README.md in this folder is written from it ("make reference").
-- A finding that is not declared here, or carries data that is not, raises: it is a bug.
--
-- A datum is declared by: name, kind, label (what the reader sees), always (true when the finding is never without it),
-- values (of a token: all that it can be), link (of a frame: what that frame is to this one, "request", "response" or
-- "ack", which Wireshark's packet list draws). Kinds, whose values are plain numbers and strings until the adapter draws them:
--   duration  integer nanoseconds
--   moment    integer nanoseconds since the first frame of the capture
--   frame     frame number, becomes a clickable link
--   count     non-negative integer
--   host      an address
--   end       one end of the connection, "address:port", "[address]:port" for IPv6
--   token     one of `values`; catalogue.text_of() gives the text that the reader sees

local words = require "keepalive_words"

local catalogue = {}

--- The levels, and what the reader sees for them.
catalogue.LEVELS = { CHAT = "Chat", NOTE = "Note", WARN = "Warn", ERROR = "Error" }

local GRAVITY = { CHAT = 1, NOTE = 2, WARN = 3, ERROR = 4 }

local duration, plural, short = words.duration, words.plural, words.short

-- What one end did. In the row of a frame, the column "Source" names who does what the row says, and the other end is the one
-- in the column "Destination".
local function acted(by, what, row)
    if row and by == row.source then
        return (what:gsub("^%l", string.upper))
    end
    return (row and by == row.destination and "Destination" or short(by)) .. " " .. what
end

-- What the reader sees for each token.
local TEXTS = {
    -- segments, and what stands for one
    probe = "probe", data = "data", write = "write", ack = "ACK", fin = "FIN", rst = "RST",
    own_data = "own data, which nobody acknowledged", nothing = "nothing", not_captured = "unknown",
    nothing_yet = "nothing yet", capture_end = "end of the capture",
    -- why a write after the peer's FIN is everyday traffic
    half_close = "the peer acknowledges it, a legal half-close",
    own_fin = "the writer is closing too, its own FIN goes with it or follows at once",
    own_rst = "the writer is closing too, its own RST follows at once",
    tls_alert = "a TLS alert, sent by a side that is closing too",
    before_alert = "the writer is closing too, its TLS alert follows at once",
    asked_for = "the answer to what the peer sent right before its FIN, already on its way",
    -- why a device refuses a segment
    net_unreachable = "no route to the network", host_unreachable = "the host does not answer",
    protocol_unreachable = "the host knows no TCP", port_unreachable = "the port is rejected", prohibited = "forbidden by a rule",
    too_big = "too large for the next link", hops_exceeded = "too many hops",
    -- what a silence began with
    payload = "the last payload", handshake = "the handshake, there was no payload", segment = "the segment before",
    capture_start = "before the capture", capture_hole = "a hole in the capture",
    -- why the peer may have closed before the first FIN of the capture
    unseen_bytes = "the peer's last bytes are not in the capture, its FIN may have been among them",
    unseen_peer = "nothing that the peer sent before is in the capture",
}

-- The age of the silence at a close, or before the segment that an RST answers.
local SILENCE = {
    { name = "silence", kind = "duration", label = "Silence" },
    { name = "silence_from", kind = "token", label = "The silence began with",
        values = { "payload", "handshake", "segment", "capture_start", "capture_hole" } },
    { name = "since", kind = "frame", label = "Frame with which the silence began" },
    { name = "farewell", kind = "frame", label = "First frame of the farewell that went with the close" },
    { name = "farewell_bytes", kind = "count", label = "Bytes of the farewell" },
}

local function with_silence(data)
    for _, datum in ipairs(SILENCE) do
        data[#data + 1] = datum
    end
    return data
end

-- "60.0 s", and where the capture does not show how it began "≥ 60.0 s"; nil when it is not known.
local function silence_of(d)
    if d.silence then
        local is_at_least = d.silence_from == "capture_start" or d.silence_from == "capture_hole"
        return (is_at_least and "≥ " or "") .. duration(d.silence)
    end
end

-- Of one level, declaration order is drawing order: the worst come first, and what happened before what it means.
-- `group` is Wireshark's expert group. For the reader: `on` which frame, `set_when` all of these are true, which other
-- findings it `supersedes` on that frame, which level when (`level_when`), what later frames change (`written_back`), and
-- what to think of it (`advice`).
local FINDINGS = {
    {
        id = "gave_up", title = "Keep-alive gave up", levels = { "ERROR" }, group = "SEQUENCE",
        on = "the RST of the side that probed",
        set_when = {
            "An RST ends the connection, and the capture shows no FIN before it.",
            "The last probe of the RST's sender has no answer, although the capture shows what the peer sends.",
            "That probe is at least an interval old, less the tolerance. While no interval is known, it is as old as the smallest "
                .. "gap, less the tolerance.",
            "With the preference `probes` set: at least that many probes in a row have no answer.",
        },
        supersedes = { "reset" },
        written_back = "Taken back when later segments prove that the connection goes on.",
        advice = "The peer, or the path to it, was gone for the whole silence. `last_heard` is the last frame that the peer "
            .. "sent: look at the peer's host and at the path from that time on.",
        data = {
            { name = "unanswered", kind = "count", label = "Probes without an answer", always = true },
            { name = "first_probe", kind = "frame", label = "First unanswered probe", always = true },
            { name = "last_probe", kind = "frame", label = "Last probe", always = true },
            { name = "last_heard", kind = "frame", label = "Last frame received from the peer", always = true },
            { name = "silence", kind = "duration", label = "Time since the last answer or data of the peer", always = true },
            { name = "data_idle", kind = "duration", label = "Time since the last payload byte" },
        },
        text = function(d)
            return string.format("Gave up: %s unanswered, %s of silence", plural(d.unanswered, "probe"), duration(d.silence))
        end,
    },
    {
        id = "post_fin_reset", title = "RST after the closing side's FIN", levels = { "ERROR", "NOTE" }, group = "SEQUENCE",
        on = "the RST",
        set_when = {
            "An RST ends the connection, and its sender has sent its own FIN before.",
            "The other side had acknowledged that FIN when it wrote or probed: it has a `post_fin_write` that is not "
                .. "acknowledged, or its last probe is a `post_fin_probe` and has no answer.",
            "The RST does not answer a segment that crossed the FIN: the RST sets ACK, or its sequence number is after the FIN.",
        },
        supersedes = { "gave_up", "reset" },
        level_when = "Note when the RST answers a write that is at Note, or a probe of a side that has sent its own FIN since.",
        written_back = "The level falls to Note when the writer's own FIN or RST follows within 200 ms of its write. The finding "
            .. "is taken back when later segments prove that the connection goes on.",
        advice = "Here the application loses its connection. The peer closed in frame `fin`. From there to `cause` the "
            .. "application did not notice the close.",
        data = {
            { name = "cause", kind = "frame", link = "request", label = "Answers the segment in frame", always = true },
            { name = "cause_kind", kind = "token", label = "What it answers", always = true,
                values = { "write", "probe" } },
            { name = "fin", kind = "frame", label = "FIN of the same side", always = true },
            { name = "delay", kind = "duration", label = "Time since the segment it answers", always = true },
            { name = "after_fin", kind = "duration", label = "Time since the FIN", always = true },
        },
        text = function(d)
            return string.format("RST for the %s in frame %d, %s after FIN %d", TEXTS[d.cause_kind], d.cause,
                duration(d.after_fin), d.fin)
        end,
    },
    {
        id = "missed", title = "Missed keep-alive interval", levels = { "WARN" }, group = "SEQUENCE",
        on = "the next frame of the connection, or the probe that ends the gap",
        set_when = {
            "The side has probed before, and its schedule tells when the next probe was due.",
            "A probe may be due: all that the side sent is acknowledged, the peer's window is open, the side has sent no FIN, "
                .. "and the capture shows what the peer sends.",
            "The capture shows other frames meanwhile, or the next segment of the side proves that it made none: see `capture_hole`.",
            "The time when the probe was due and the tolerance are over, and no probe came. A probe that comes now ends the gap. "
                .. "The gap then counts as missed when the probe, the tolerance added, is a whole interval late or more.",
        },
        supersedes = { "late" },
        written_back = "Each frame until the gap ends completes the finding. The finding of a gap that lasts until the capture ends "
            .. "is on the last frame of the connection. Behind a hole in the capture the finding waits for the side's next segment. "
            .. "When the first gap between two probes turns out to be too long, the probe "
            .. "that ended this gap gets the finding as soon as the cadence is known. Taken back by `setting_changed`, "
            .. "when two gaps in a row show an interval that is longer than the cadence, and when the timestamps of both sides show "
            .. "that the capture's clock was set forward. Becomes `late` when what comes behind the probe shows that each was made in "
            .. "its time, and that the path held them back.",
        advice = "The side's kernel sent no probe, or the capture lacks it. The host or virtual machine may have stood still, an "
            .. "option may have changed, frames may have been dropped before the wire or by the capture. Do other connections of "
            .. "the same host miss intervals at the same time?",
        data = {
            { name = "by", kind = "end", label = "Side that sent no probe", always = true },
            { name = "intervals", kind = "count", label = "Intervals missed", always = true },
            { name = "due", kind = "moment", label = "First missed probe was due at", always = true },
            { name = "overdue", kind = "duration", label = "Time since it was due", always = true },
            { name = "interval", kind = "duration", label = "Interval expected", always = true },
            { name = "last_probe", kind = "frame", label = "Last probe before the gap" },
            { name = "gap", kind = "duration", label = "Time since the last probe" },
            { name = "ended_by", kind = "token", label = "What ended the gap", always = true,
                values = { "probe", "data", "ack", "fin", "rst", "capture_hole", "capture_end", "nothing_yet" } },
        },
        text = function(d, row)
            return acted(d.by, string.format("missed %s, %s overdue", plural(d.intervals, "interval"), duration(d.overdue)), row)
        end,
    },
    {
        id = "post_fin_write", title = "Write after the peer's FIN", levels = { "WARN", "NOTE" }, group = "SEQUENCE",
        on = "the segment with the payload",
        set_when = {
            "The segment has payload beyond all that the side has sent so far. A retransmission has none.",
            "Its acknowledgment number covers the peer's FIN. Data that crosses the FIN on the wire does not count.",
            "The side has sent no FIN itself.",
        },
        level_when = "Note when the write is everyday traffic; `harmless` then says why. The peer acknowledges the write, or has "
            .. "acknowledged such a write before (a legal half-close). The write is a TLS alert, or a TLS alert follows within "
            .. "200 ms. The writer's own FIN or RST goes with the write or follows within 200 ms. (More than 100 bytes of the side "
            .. "that opened the connection are a request, and excused by neither.) The write answers what the peer sent "
            .. "within 200 ms before its FIN, and comes within 1 s (200 ms when the peer did not open the connection).",
        written_back = "`acked_in`, `reset_in`, `harmless` and the level. A write that the half-close excused is at Warn again when "
            .. "an RST of the closing side comes before the acknowledgment.",
        advice = "The application did not notice that the peer had closed. What the application wrote is probably lost. It should "
            .. "read until the end of the stream, or close idle connections before the peer does.",
        data = {
            { name = "fin", kind = "frame", label = "FIN of the peer", always = true },
            { name = "after_fin", kind = "duration", label = "Time since the FIN", always = true },
            { name = "bytes", kind = "count", label = "Payload bytes", always = true },
            { name = "acked_in", kind = "frame", label = "Acknowledged in frame" },
            { name = "reset_in", kind = "frame", link = "response", label = "Reset in frame" },
            { name = "harmless", kind = "token", label = "Why this is everyday traffic",
                values = { "half_close", "own_fin", "own_rst", "tls_alert", "before_alert", "asked_for" } },
        },
        text = function(d)
            return string.format("%s written %s after FIN %d%s", plural(d.bytes, "byte"), duration(d.after_fin), d.fin,
                d.harmless and ", everyday traffic" or "")
        end,
    },
    {
        id = "write_after_own_fin", title = "Data after the sender's own FIN", levels = { "WARN" }, group = "PROTOCOL",
        on = "the segment with the payload",
        set_when = {
            "The side has sent a FIN before.",
            "The segment has payload beyond that FIN and beyond all that the side has sent so far.",
            "The capture lacks no bytes between that and the payload. After a hole the payload may be of another connection.",
        },
        supersedes = { "post_fin_write" },
        advice = "No stack does this. A device on the path may change or mix connections, or the capture was put together from "
            .. "several.",
        data = {
            { name = "fin", kind = "frame", label = "FIN of the same side", always = true },
            { name = "bytes", kind = "count", label = "Payload bytes", always = true },
        },
        text = function(d)
            return string.format("New data after its own FIN %d: protocol violation", d.fin)
        end,
    },
    {
        id = "unanswered", title = "Unanswered keep-alive probe", levels = { "NOTE", "WARN" }, group = "SEQUENCE",
        on = "the next probe of the same side, or the RST with which it gives up",
        set_when = {
            "A probe has no answer when its sender sends the next probe, or gives up.",
            "The capture shows what the peer sends.",
        },
        level_when = "Warn from the second probe in a row; an answer starts the count anew.",
        written_back = "The last probe has the finding itself when it has no answer, the capture ends more than an interval and the "
            .. "tolerance after it, and a probe may be due (see `missed`). A capture that ends sooner leaves the probe open. "
            .. "It is taken back when its sender, which sends nothing but probes meanwhile, gets as many acknowledgments as it has sent "
            .. "probes: then the answers were late, and each probe has its own.",
        advice = "One probe or answer can be lost on the path. Two unanswered probes or more say that the peer is gone, that the "
            .. "path loses packets in one direction or both, or that the answers do not pass the point of capture.",
        data = {
            { name = "probe", kind = "frame", label = "Unanswered probe", always = true },
            { name = "in_a_row", kind = "count", label = "Unanswered probes in a row", always = true },
            { name = "waited", kind = "duration", label = "Time waited for an answer", always = true },
        },
        text = function(d)
            return string.format("Probe in frame %d has no answer (%d in a row)", d.probe, d.in_a_row)
        end,
    },
    {
        id = "retransmission_timeout", title = "Retransmissions without an answer", levels = { "WARN", "NOTE" },
        group = "SEQUENCE",
        on = "the RST with which the side gives up, or its last retransmission",
        set_when = {
            "The connection is open, and the side has sent the same payload or FIN again three times or more (R1 of RFC 1122 "
                .. "section 4.2.3.5). Copies of a frame do not count.",
            "The capture shows what the peer sends, and shows nothing of the peer since the first of these retransmissions.",
            "The side sends an RST, or the capture ends.",
        },
        level_when = "Note when only the FIN has no acknowledgment, or the FIN and a TLS closing alert: nothing was lost.",
        written_back = "On the last retransmission when the capture ends. Taken back with the RST when later segments prove that the "
            .. "connection goes on.",
        advice = "The connection died: the peer or the path to it was gone. Linux gives up without an RST (tcp_retries2, about 15 "
            .. "minutes, or TCP_USER_TIMEOUT), so the capture then just falls silent.",
        data = {
            { name = "by", kind = "end", label = "Side whose data has no answer", always = true },
            { name = "data", kind = "frame", label = "First sent in frame", always = true },
            { name = "repeats", kind = "count", label = "Retransmissions without an answer", always = true },
            { name = "last_repeat", kind = "frame", label = "Last retransmission", always = true },
            { name = "waited", kind = "duration", label = "Time since it was first sent", always = true },
            { name = "last_heard", kind = "frame", label = "Last frame received from the peer", always = true },
            { name = "ended_by", kind = "token", label = "What ended the wait", always = true,
                values = { "rst", "capture_end" } },
        },
        text = function(d)
            return string.format("%s of frame %d unanswered in %s", plural(d.repeats, "retransmission"), d.data,
                duration(d.waited))
        end,
    },
    {
        id = "capture_hole", title = "Hole in the capture", levels = { "NOTE" }, group = "SEQUENCE",
        on = "the first frame after it, of whatever protocol",
        set_when = {
            "The capture shows no frame of anybody for longer than the interval of a side that probes, with the tolerance.",
            "In this time a probe of that side was due with the tolerance, or the answer to one.",
        },
        written_back = "When only later probes show what the interval is.",
        advice = "The capture may have been interrupted, or made of several, or its host stood still: across the hole nothing is "
            .. "missed, late or unanswered, and nobody knows what happened. One thing tells: when the next segment of a side has "
            .. "the IP identification right after that of its last one, its kernel made no packet in between. Then `missed` holds.",
        data = {
            { name = "length", kind = "duration", label = "Time without a frame", always = true },
            { name = "last_frame", kind = "frame", label = "Last frame before it", always = true },
            { name = "connections", kind = "count", label = "Connections in which a probe was due", always = true },
        },
        text = function(d)
            return string.format("No frame for %s, probes due on %s", duration(d.length),
                plural(d.connections, "connection"))
        end,
    },
    {
        id = "setting_changed", title = "Keep-alive setting changed", levels = { "NOTE" }, group = "SEQUENCE",
        on = "the probe that shows it",
        set_when = {
            "Gaps in a row before the side's probes agree with each other, and not with the gaps before them: two longer ones, or "
                .. "nine shorter ones.",
        },
        written_back = "The `missed` and `late` of these gaps are taken back.",
        advice = "The application set TCP_KEEPIDLE or TCP_KEEPINTVL anew. Nothing was missed.",
        data = {
            { name = "by", kind = "end", label = "Side whose setting changed", always = true },
            { name = "before", kind = "duration", label = "Spacing before", always = true },
            { name = "after", kind = "duration", label = "Spacing from here on", always = true },
        },
        text = function(d)
            return string.format("Probes every %s from here, before every %s", duration(d.after), duration(d.before))
        end,
    },
    {
        id = "refused_by", title = "A device refuses a segment", levels = { "WARN", "NOTE" }, group = "SEQUENCE",
        on = "the ICMP or ICMPv6 error",
        set_when = {
            "An ICMP error (destination unreachable, packet too big, time exceeded) quotes the header of a TCP segment.",
            "The quoted connection is in the capture, and its sender has sent the quoted number. Of an error that quotes ports and "
                .. "number only (RFC 792), it is the newest connection between these ends, and the number is under way on it.",
        },
        level_when = "Note for a segment that is too large: path MTU discovery finds its size with that (RFC 1191, RFC 8201).",
        advice = "`device` says that it did not pass the segment on, and why. Established connections do not end by that (RFC 1122 "
            .. "section 4.2.3.9): they wait, and time out.",
        data = {
            { name = "device", kind = "host", label = "Refused by", always = true },
            { name = "reason", kind = "token", label = "Why", always = true, values = { "net_unreachable", "host_unreachable",
                "protocol_unreachable", "port_unreachable", "prohibited", "too_big", "hops_exceeded" } },
            { name = "icmp_type", kind = "count", label = "ICMP type", always = true },
            { name = "icmp_code", kind = "count", label = "ICMP code", always = true },
            { name = "mtu", kind = "count", label = "Largest packet that the next link takes, in bytes" },
            { name = "sender", kind = "end", label = "Sender of the refused segment", always = true },
            { name = "segment", kind = "frame", label = "Refused segment" },
        },
        text = function(d)
            local what = d.segment and string.format("frame %d", d.segment) or "a segment"
            local why = d.mtu and string.format("larger than %d bytes", d.mtu) or TEXTS[d.reason]
            return string.format("%s refuses %s: %s", short(d.device), what, why)
        end,
    },
    {
        id = "late", title = "Late keep-alive probe", levels = { "NOTE" }, group = "SEQUENCE",
        on = "the probe",
        set_when = {
            "A probe was due, as for `missed`.",
            "The probe comes after the time when it was due and the tolerance, and less than a whole interval late, the tolerance "
                .. "added.",
        },
        written_back = "When the first gap between two probes turns out to be too long, or longer than it seemed, and for a probe that "
            .. "the path held back for longer than an interval: see `missed`. Taken back by `setting_changed`, and when two gaps in a row "
            .. "show an interval that is longer than the cadence.",
        advice = "The host was busy, or the delay of the path changed. A late probe alone breaks nothing.",
        data = {
            { name = "due", kind = "moment", label = "Was due at", always = true },
            { name = "overdue", kind = "duration", label = "Late by", always = true },
            { name = "last_probe", kind = "frame", label = "Probe before" },
        },
        text = function(d)
            return string.format("Keep-alive probe %s late", duration(d.overdue))
        end,
    },
    {
        id = "reset", title = "RST ends the connection", levels = { "WARN", "NOTE" }, group = "SEQUENCE",
        on = "the RST",
        set_when = {
            "The connection is open: the capture has an ACK of it without SYN, and no earlier RST ended it.",
            "The receiver accepts the sequence number of the RST (RFC 9293 section 3.10.7.4).",
            "At least one side has not sent a FIN, or has no acknowledgment of its FIN.",
            "The RST does not end a port scan or a health check: there the opener sends the RST within 1 s of the segment before, and "
                .. "nothing was sent on the connection.",
        },
        level_when = "Note when nobody lost anything: the RST answers nothing, both sides had acknowledged all but a farewell, no probe "
            .. "waits for its answer, and the last payload was no request. Note, too, after a FIN (unless the RST answers a request "
            .. "that crossed the FIN), when a FIN of the other side crosses the RST (comes within 1 s), and when only the ACK that "
            .. "the RST answers shows that there was a connection.",
        written_back = "The level, when a FIN crosses the RST. The finding is taken back when later segments prove that the "
            .. "connection goes on.",
        advice = "Somebody ended the connection at once. An RST after a probe, an ACK or data that it does not acknowledge: its sender "
            .. "has probably lost the connection. An RST after nothing: an application or a device on the path aborted the "
            .. "connection.",
        data = with_silence({
            { name = "by", kind = "end", label = "Sent by", always = true },
            { name = "followed", kind = "token", label = "What it followed", always = true,
                values = { "probe", "data", "fin", "own_data", "ack", "nothing", "not_captured" } },
            { name = "cause", kind = "frame", label = "Segment it followed" },
            { name = "fin", kind = "frame", label = "First FIN before it" },
            { name = "delay", kind = "duration", label = "Time since that segment" },
            { name = "too_soon", kind = "duration", label = "Least round trip to the host, which is longer than that" },
            { name = "data_idle", kind = "duration", label = "Time since the last payload byte" },
            { name = "packet_idle", kind = "duration", label = "Time since the last segment", always = true },
        }),
        text = function(d)
            local silence = silence_of(d)
            if d.followed == "own_data" then
                return string.format("RST %s after frame %d, its own unacknowledged data", duration(d.delay), d.cause)
            elseif d.cause then
                local text = string.format("RST %s after frame %d (%s)", duration(d.delay), d.cause, TEXTS[d.followed])
                return text .. (d.too_soon and ", too soon for that host" or silence and ", silence " .. silence or "")
            end
            local what = d.followed == "not_captured" and "RST, the peer is not captured" or "RST in answer to nothing"
            return what .. (silence and ", after " .. silence .. " of silence" or "")
        end,
    },
    {
        id = "fin", title = "First FIN", levels = { "NOTE" }, group = "SEQUENCE",
        on = "the first FIN",
        set_when = {
            "The first FIN of the connection in the capture, of either side. A retransmission does not count.",
        },
        written_back = "`doubt` is taken away when the peer sends something new afterwards: the peer had not closed before. A "
            .. "farewell is taken back when the peer then answers it at length (more than 100 bytes): it was a request.",
        advice = "This side closed. A round number in `silence`, such as 60 or 600 s, points to an idle timer of the side's "
            .. "application or of a proxy.",
        data = with_silence({
            { name = "by", kind = "end", label = "Closed first by", always = true },
            { name = "data_idle", kind = "duration", label = "Time since the last payload byte" },
            { name = "packet_idle", kind = "duration", label = "Time since the last segment" },
            { name = "last_data", kind = "frame", label = "Last frame with payload" },
            { name = "doubt", kind = "token", label = "Why the peer may have closed before",
                values = { "unseen_bytes", "unseen_peer" } },
        }),
        text = function(d, row)
            local silence = silence_of(d)
            return acted(d.by, (d.doubt and "may close first" or "closes first")
                .. (silence and " after " .. silence .. " of silence" or ""), row)
        end,
    },
    {
        id = "closed_before_due", title = "Closed before the next probe was due", levels = { "NOTE" }, group = "SEQUENCE",
        on = "the FIN or RST",
        set_when = {
            "The frame is the first FIN of the connection, or an RST without a FIN before it and without a probe that waits for its "
                .. "answer.",
            "The side has probed in the silence that ends here, and a probe may be due (see `missed`).",
            "The next probe was due later: by the schedule, or by the idle time while the schedule tells nothing.",
        },
        written_back = "Taken back when the frame is an RST and later segments prove that the connection goes on.",
        advice = "The silence before this close shows no missed interval. Keep-alive did its work, and something else closed.",
        data = {
            { name = "by", kind = "end", label = "Side that was probing", always = true },
            { name = "due", kind = "moment", label = "Next probe was due at", always = true },
            { name = "margin", kind = "duration", label = "Time left until it was due", always = true },
            { name = "last_probe", kind = "frame", label = "Last probe", always = true },
        },
        text = function(d)
            return string.format("Closed %s before the next probe was due", duration(d.margin))
        end,
    },
    {
        id = "post_fin_probe", title = "Probe after the peer's FIN", levels = { "NOTE" }, group = "SEQUENCE",
        on = "the probe",
        set_when = {
            "The frame is a `probe`.",
            "Its acknowledgment number covers the peer's FIN.",
            "The side has sent no FIN itself.",
        },
        advice = "The kernel still holds the socket for an application that has not closed it (CLOSE-WAIT). The peer answers with an "
            .. "RST when its kernel has forgotten the connection.",
        data = {
            { name = "fin", kind = "frame", label = "FIN of the peer", always = true },
            { name = "after_fin", kind = "duration", label = "Time since the FIN", always = true },
        },
        text = function(d)
            return string.format("Probe %s after FIN %d: the socket is still open", duration(d.after_fin), d.fin)
        end,
    },
    {
        id = "fin_ack", title = "FIN acknowledged", levels = { "CHAT" }, group = "SEQUENCE",
        on = "the acknowledgment",
        set_when = {
            "The first segment whose acknowledgment number covers the first FIN of the connection.",
        },
        advice = "The other side's kernel has the FIN. From here on its application could know of the close.",
        data = {
            { name = "fin", kind = "frame", link = "ack", label = "Acknowledges the FIN in frame", always = true },
            { name = "delay", kind = "duration", label = "Time since the FIN", always = true },
        },
        text = function(d)
            return string.format("Acknowledges FIN %d after %s", d.fin, duration(d.delay))
        end,
    },
    {
        id = "probe", title = "Keep-alive probe", levels = { "CHAT" }, group = "SEQUENCE",
        on = "the probe",
        set_when = {
            "The segment has no payload, or one byte without PSH. It has no SYN, FIN or RST.",
            "Its sequence number is SND.NXT - 1.",
            "The peer has acknowledged all that the sender sent, as far as the capture shows what the peer sends.",
            "The window that the peer offered last is not 0.",
            "At least `min_gap` (a preference) has passed since its sender last sent payload or a probe, and last heard from the peer. "
                .. "Segments that crossed the probe on the wire do not count.",
        },
        written_back = "`answer`. In a capture that starts in the middle of a silence, SND.NXT is not known. There an empty segment is "
            .. "a probe when the peer acknowledges the next number with an open window. A segment with one byte is a probe when, "
            .. "besides, the same byte comes again.",
        advice = "Healthy. `cadence`, `interval` and `idle_time` are what the capture has taught so far; compare them with the "
            .. "settings of the host.",
        data = {
            { name = "number", kind = "count", label = "Number in this silence", always = true },
            { name = "answer", kind = "frame", link = "response", label = "Answered in frame" },
            { name = "last_probe", kind = "frame", label = "Probe before" },
            { name = "since_last", kind = "duration", label = "Time since the probe before" },
            { name = "silence", kind = "duration", label = "Time since the peer was last heard" },
            { name = "bytes", kind = "count", label = "Garbage bytes carried" },
            { name = "idle_time", kind = "duration", label = "Idle time learned so far" },
            { name = "interval", kind = "duration", label = "Interval between unanswered probes learned so far" },
            { name = "cadence", kind = "duration", label = "Cadence of answered probes learned so far" },
        },
        text = function(d)
            local text = string.format("Probe %d", d.number)
            if d.since_last then
                text = text .. string.format(", %s after the last", duration(d.since_last))
            elseif d.silence then
                text = text .. string.format(" after %s of silence", duration(d.silence))
            end
            return text .. (d.answer and ", answered" or "")
        end,
    },
    {
        id = "answer", title = "Keep-alive answer", levels = { "CHAT" }, group = "SEQUENCE",
        on = "the answer",
        set_when = {
            "The frame is the peer's first later segment that acknowledges the probed number. It may have any window, and data.",
            "The frame is not a probe itself: the peer sent that without having seen this probe.",
        },
        advice = "Healthy. The peer's kernel is alive and the path works in both directions. The answer says nothing of the peer's "
            .. "application.",
        data = {
            { name = "probe", kind = "frame", link = "request", label = "Answers the probe in frame", always = true },
            { name = "delay", kind = "duration", label = "Time since the probe", always = true },
        },
        text = function(d)
            return string.format("Answers the probe in frame %d after %s", d.probe, duration(d.delay))
        end,
    },
}

local function set_of(list)
    local set = {}
    for _, member in ipairs(list) do
        set[member] = true
    end
    return set
end

local by_id = {}
for rank, finding in ipairs(FINDINGS) do
    finding.rank = rank
    finding.has_level = set_of(finding.levels)
    finding.may_be_trouble = finding.has_level.WARN or finding.has_level.ERROR or false
    finding.declared = {}
    for _, datum in ipairs(finding.data) do
        datum.allows = datum.values and set_of(datum.values)
        finding.declared[datum.name] = datum
    end
    by_id[finding.id] = finding
end

--- The findings in drawing order; each has id, title, levels (the usual one first), data and text.
catalogue.findings = FINDINGS

--- The declaration of one finding. Raises for an id that is not in the catalogue.
function catalogue.get(id)
    return by_id[id] or error("no finding '" .. tostring(id) .. "' in the catalogue", 2)
end

--- Whether something of this level went wrong: Warn or Error.
function catalogue.is_trouble(level)
    return GRAVITY[level] >= GRAVITY.WARN
end

--- Whether the one record is worse than the other: of a higher level, or of the same and declared before it.
-- Nil when neither is.
function catalogue.is_worse(one, other)
    local gravity, others_gravity = GRAVITY[one.level], GRAVITY[other.level]
    if gravity ~= others_gravity then
        return gravity > others_gravity
    end
    local rank, others_rank = by_id[one.id].rank, by_id[other.id].rank
    if rank ~= others_rank then
        return rank < others_rank
    end
    return nil
end

--- Raises when the finding does not declare the datum, or the datum cannot have this value.
function catalogue.check_datum(id, name, value)
    local datum = catalogue.get(id).declared[name]
    if not datum then
        error("finding '" .. id .. "' declares no datum '" .. tostring(name) .. "'", 2)
    elseif datum.allows and not datum.allows[value] then
        error("datum '" .. name .. "' of finding '" .. id .. "' cannot be '" .. tostring(value) .. "'", 2)
    end
end

--- Raises when the finding does not have the level.
function catalogue.check_level(id, level)
    if not catalogue.get(id).has_level[level] then
        error("finding '" .. id .. "' has no level '" .. tostring(level) .. "'", 2)
    end
end

--- A record of one finding on one frame: { id, level, data }.
-- Raises for what the catalogue does not declare, and for a datum that is always there but is not given.
function catalogue.record(id, level, data)
    catalogue.check_level(id, level)
    for name, value in pairs(data) do
        catalogue.check_datum(id, name, value)
    end
    for _, datum in ipairs(by_id[id].data) do
        if datum.always and data[datum.name] == nil then
            error("finding '" .. id .. "' lacks its datum '" .. datum.name .. "'", 2)
        end
    end
    return { id = id, level = level, data = data }
end

--- The text that a reader sees for a token.
function catalogue.text_of(token)
    return TEXTS[token] or error("no text for the token '" .. tostring(token) .. "' in the catalogue", 2)
end

--- The sentence that a reader sees for a record: at most 70 characters, so that no column cuts it. What it leaves out is in
-- the data. `row`: where the row of the frame stands beside it, its ends, { source, destination }; the sentence names no end
-- by its address then.
function catalogue.sentence(record, row)
    return catalogue.get(record.id).text(record.data, row)
end

return catalogue
