-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The catalogue of findings: each one declared once, with its conditions, its levels, its data and its sentence.
-- README.md in this folder is written from it ("make reference").
-- A finding that is not declared here, or carries data that is not, raises: it is a bug.
--
-- Data types (values are plain numbers and strings; the adapter turns them into Wireshark's types):
--   duration  integer nanoseconds
--   moment    integer nanoseconds since the first frame of the capture
--   frame     frame number, becomes a clickable link
--   count     non-negative integer
--   text      string

local catalogue = {}

local function seconds(ns)
    return string.format("%.3f s", ns / 1e9)
end

local function plural(count, word)
    return string.format("%d %s%s", count, word, count == 1 and "" or "s")
end

-- Declaration order is drawing order: the worst come first, and what happened before what it means.
-- For the reader: `on` which frame, `set_when` all of these are true, which other findings it `supersedes` on that frame,
-- which level when (`level_when`), what later frames change (`written_back`), and what to think of it (`advice`).
local FINDINGS = {
    {
        id = "gave_up", title = "Keep-alive gave up", levels = { "ERROR" },
        on = "the RST of the side that probed",
        set_when = {
            "An RST ends the connection, of which no FIN was seen before.",
            "The last probe of its sender has no answer, although the capture shows what the peer sends.",
            "That probe is an interval old, less the slack; while no interval is known, as old as the smallest gap.",
            "With the preference `probes` set: at least so many probes in a row have no answer.",
        },
        supersedes = { "reset" },
        written_back = "Taken back when later segments prove that the connection goes on.",
        advice = "The peer, or the path to it, was gone for the whole silence. `last_heard` is the last frame that came "
            .. "from it: look at the peer's host and at the path from that time on.",
        data = {
            { "unanswered", "count", "Probes without an answer" },
            { "first_probe", "frame", "First unanswered probe" },
            { "last_probe", "frame", "Last probe" },
            { "last_heard", "frame", "Last frame received from the peer" },
            { "silence", "duration", "Time since the peer was last heard" },
        },
        text = function(d)
            return string.format("Keep-alive gave up: RST after %s without an answer, %s of silence",
                plural(d.unanswered, "probe"), seconds(d.silence))
        end,
    },
    {
        id = "post_fin_reset", title = "RST after the closing side's FIN", levels = { "ERROR", "NOTE" },
        on = "the RST",
        set_when = {
            "An RST ends the connection, and its sender has sent its own FIN before.",
            "The other side had acknowledged that FIN when it wrote or probed: there is a `post_fin_write` that is not "
                .. "acknowledged, or its last probe is a `post_fin_probe` and has no answer.",
            "The RST does not answer what crossed the FIN: it sets ACK, or its sequence number lies behind the FIN.",
        },
        supersedes = { "gave_up", "reset" },
        level_when = "Note when it answers a write that is at Note, or a probe of a side that has sent its FIN by then.",
        written_back = "The level falls to Note when the writer's own FIN or RST follows within 200 ms of its write, and the "
            .. "finding is taken back when later segments prove that the connection goes on.",
        advice = "Here the application loses its connection. `fin` is where the peer said that it would close; the time from "
            .. "there to `cause` is the time that the application did not notice.",
        data = {
            { "cause", "frame", "Answers the segment in frame" },
            { "cause_kind", "text", "What it answers", "write or probe" },
            { "fin", "frame", "FIN of the same side" },
            { "delay", "duration", "Time since the segment it answers" },
            { "after_fin", "duration", "Time since the FIN" },
        },
        text = function(d)
            return string.format("RST answers the %s in frame %d, %s after this side's FIN (frame %d)",
                d.cause_kind, d.cause, seconds(d.after_fin), d.fin)
        end,
    },
    {
        id = "missed", title = "Missed keep-alive interval", levels = { "WARN" },
        on = "the next frame of the connection, or the probe that ends the gap",
        set_when = {
            "The side has probed before, and its schedule tells when the next probe was due.",
            "A probe may be due: all that the side sent is acknowledged, the peer's window is open, the side has sent no FIN, "
                .. "and the capture shows what the peer sends.",
            "The time when it was due and the slack are over, and no probe came. A probe that comes now ends the gap, which "
                .. "counts as missed when the probe is a whole interval or more behind, the slack added.",
        },
        supersedes = { "late" },
        written_back = "Each frame until the gap ends completes it. A gap that lasts until the capture ends is on the "
            .. "last frame of the connection. When the first gap between two probes turns out to be the odd one, the probe that "
            .. "ended it gets the finding as soon as the cadence is known.",
        advice = "The side's kernel sent nothing, or the capture does not have it: a host or virtual machine that stood still, a "
            .. "changed option, frames dropped before they reached the wire or by the capture. Do other connections of the "
            .. "same host miss intervals at the same time?",
        data = {
            { "by", "text", "Side that sent no probe" },
            { "intervals", "count", "Intervals missed" },
            { "due", "moment", "First missed probe was due at" },
            { "overdue", "duration", "Time since it was due" },
            { "interval", "duration", "Interval expected" },
            { "last_probe", "frame", "Last probe before the gap" },
            { "gap", "duration", "Time since the last probe" },
            { "ended_by", "text", "What ended the gap", "probe, data, ACK, FIN, RST, end of the capture, nothing yet" },
        },
        text = function(d)
            return string.format("%s missed by %s: a probe was due %s before %s",
                plural(d.intervals, "keep-alive interval"), d.by, seconds(d.overdue),
                d.ended_by == "end of the capture" and "the capture ends" or "this frame")
        end,
    },
    {
        id = "post_fin_write", title = "Write after the peer's FIN", levels = { "WARN", "NOTE" },
        on = "the segment with the payload",
        set_when = {
            "Payload beyond all that the side has sent so far; a retransmission is none.",
            "Its acknowledgment number covers the peer's FIN. Data that crosses the FIN on the wire does not count.",
            "The side has sent no FIN itself.",
        },
        level_when = "Note when it is everyday traffic, and `harmless` then says why: the peer acknowledges it or has acknowledged "
            .. "such a write before (a legal half-close), it is a TLS alert or followed by one within 200 ms, or the writer's own "
            .. "FIN or RST goes with it or follows within 200 ms.",
        written_back = "`acked_in`, `reset_in`, `harmless` and the level. What the half-close excused is at Warn again when an RST "
            .. "of the closing side comes before the acknowledgment.",
        advice = "The application did not notice that the peer had closed; what it wrote is probably lost. It should read until "
            .. "the end of the stream, or close idle connections before the peer does.",
        data = {
            { "fin", "frame", "FIN of the peer" },
            { "after_fin", "duration", "Time since the FIN" },
            { "bytes", "count", "Payload bytes" },
            { "acked_in", "frame", "Acknowledged in frame" },
            { "reset_in", "frame", "Reset in frame" },
            { "harmless", "text", "Why this is everyday traffic" },
        },
        text = function(d)
            local text = string.format("%s written %s after the peer's FIN (frame %d)",
                plural(d.bytes, "byte"), seconds(d.after_fin), d.fin)
            if d.harmless then
                text = text .. ": " .. d.harmless
            end
            return text
        end,
    },
    {
        id = "write_after_own_fin", title = "Data after the sender's own FIN", levels = { "WARN" },
        on = "the segment with the payload",
        set_when = {
            "The side has sent a FIN before.",
            "Payload beyond that FIN and all that the side has sent so far.",
            "No octets are missing between the two: behind a hole it may be another connection.",
        },
        supersedes = { "post_fin_write" },
        advice = "No stack does this. Suspect something on the path that changes or mixes connections, or a capture that was put "
            .. "together from several.",
        data = {
            { "fin", "frame", "FIN of the same side" },
            { "bytes", "count", "Payload bytes" },
        },
        text = function(d)
            return string.format("New data after this side's own FIN (frame %d): protocol violation", d.fin)
        end,
    },
    {
        id = "unanswered", title = "Unanswered keep-alive probe", levels = { "NOTE", "WARN" },
        on = "the next probe of the same side, or the RST with which it gives up",
        set_when = {
            "A probe has no answer when its sender sends the next one, or gives up.",
            "The capture shows what the peer sends.",
        },
        level_when = "Warn from the second in a row; an answer starts the count anew.",
        written_back = "A last probe without an answer has the finding itself when the capture ends more than an interval and "
            .. "the slack behind it (before that it is open), while a probe may be due (see `missed`).",
        advice = "One can be lost on the way. Two or more say that the peer is gone, that the path lost both ways or one, or that "
            .. "the answers do not come past the point of capture.",
        data = {
            { "probe", "frame", "Unanswered probe" },
            { "in_a_row", "count", "Unanswered probes in a row" },
            { "waited", "duration", "Time waited for an answer" },
        },
        text = function(d)
            return string.format("Probe in frame %d has no answer (%d in a row)", d.probe, d.in_a_row)
        end,
    },
    {
        id = "late", title = "Late keep-alive probe", levels = { "NOTE" },
        on = "the probe",
        set_when = {
            "A probe was due, as for `missed`.",
            "The probe comes later than that and the slack, and less than a whole interval behind, the slack added.",
        },
        written_back = "When the first gap between two probes turns out to be the odd one: see `missed`.",
        advice = "A busy host, or a path whose delay changes. Alone it breaks nothing.",
        data = {
            { "due", "moment", "Was due at" },
            { "overdue", "duration", "Late by" },
            { "last_probe", "frame", "Probe before" },
        },
        text = function(d)
            return string.format("Keep-alive probe %s late", seconds(d.overdue))
        end,
    },
    {
        id = "reset", title = "RST ends the connection", levels = { "WARN", "NOTE" },
        on = "the RST",
        set_when = {
            "The connection is open: the capture has an ACK of it without SYN, and no RST before this one ended it.",
            "The receiver accepts the sequence number of the RST (RFC 9293 section 3.10.7.4).",
            "Not both sides have sent a FIN that the other one acknowledged.",
            "It is not that of an opener on whose connection nothing is sent, within 1 s of the segment before (a port scan or a "
                .. "health check).",
        },
        level_when = "Note after a FIN, when a FIN of the other side crosses the RST (comes within 1 s), and when nothing but the ACK "
            .. "that it answers shows that there was a connection.",
        written_back = "The level, when a FIN crosses it; and the finding is taken back when later segments prove that the "
            .. "connection goes on.",
        advice = "Somebody ended the connection at once. After a probe, an ACK or data that it does not acknowledge, its sender has "
            .. "probably lost the connection; after nothing, an application aborted it, or something on the path did.",
        data = {
            { "by", "text", "Sent by" },
            { "followed", "text", "What it followed", "probe, data, FIN, ACK, nothing" },
            { "cause", "frame", "Segment it followed" },
            { "delay", "duration", "Time since that segment" },
            { "data_idle", "duration", "Time since the last payload byte" },
            { "packet_idle", "duration", "Time since the last segment" },
        },
        text = function(d)
            if d.cause then
                return string.format("RST by %s, %s after the %s in frame %d", d.by, seconds(d.delay), d.followed, d.cause)
            elseif d.packet_idle then
                return string.format("RST by %s, in answer to nothing, %s after the last segment", d.by, seconds(d.packet_idle))
            end
            return string.format("RST by %s, in answer to nothing", d.by)
        end,
    },
    {
        id = "fin", title = "First FIN", levels = { "NOTE" },
        on = "the first FIN",
        set_when = {
            "The first FIN of the connection in the capture, of either side. A retransmission is none.",
        },
        written_back = "`doubt` is taken away when the peer sends something new afterwards, which shows that it had not closed before.",
        advice = "This side closed. An age in `data_idle` that is a round number, such as 60 or 600 s, points to an idle timer of "
            .. "its application or of a proxy.",
        data = {
            { "by", "text", "Closed first by" },
            { "data_idle", "duration", "Time since the last payload byte" },
            { "packet_idle", "duration", "Time since the last segment" },
            { "last_data", "frame", "Last frame with payload" },
            { "doubt", "text", "Why the peer may have closed before" },
        },
        text = function(d)
            local text = d.by .. (d.doubt and " closes" or " closes first")
            if d.data_idle then
                text = string.format("%s, %s after the last data (frame %d)", text, seconds(d.data_idle), d.last_data)
            else
                text = text .. " (no payload seen before)"
            end
            return d.doubt and text .. "; whether it is the first cannot be told: " .. d.doubt or text
        end,
    },
    {
        id = "closed_before_due", title = "Closed before the next probe was due", levels = { "NOTE" },
        on = "the FIN or RST",
        set_when = {
            "The first FIN of the connection, or an RST with no FIN before it and no probe waiting for its answer.",
            "The side has probed in the silence that ends here, and a probe may be due (see `missed`).",
            "The next probe was due later, by the schedule or, while it tells nothing, by the idle time.",
        },
        written_back = "Taken back when it was an RST and later segments prove that the connection goes on.",
        advice = "The silence before this close shows no missed interval: keep-alive did its work, and something else closed.",
        data = {
            { "by", "text", "Side that was probing" },
            { "due", "moment", "Next probe was due at" },
            { "margin", "duration", "Time left until it was due" },
            { "last_probe", "frame", "Last probe" },
        },
        text = function(d)
            return string.format("Closed %s before the next keep-alive probe of %s was due: no interval missed here",
                seconds(d.margin), d.by)
        end,
    },
    {
        id = "post_fin_probe", title = "Probe after the peer's FIN", levels = { "NOTE" },
        on = "the probe",
        set_when = {
            "The frame is a `probe`.",
            "Its acknowledgment number covers the peer's FIN.",
            "The side has sent no FIN itself.",
        },
        advice = "The kernel still holds the socket for an application that has not closed it (CLOSE_WAIT). An RST will answer if "
            .. "the peer's kernel has forgotten the connection.",
        data = {
            { "fin", "frame", "FIN of the peer" },
            { "after_fin", "duration", "Time since the FIN" },
        },
        text = function(d)
            return string.format("Probe %s after the peer's FIN (frame %d): the application has not closed",
                seconds(d.after_fin), d.fin)
        end,
    },
    {
        id = "fin_ack", title = "FIN acknowledged", levels = { "CHAT" },
        on = "the acknowledgment",
        set_when = {
            "The first segment whose acknowledgment number covers the first FIN of the connection.",
        },
        advice = "The other kernel has the FIN: from here on its application could know.",
        data = {
            { "fin", "frame", "Acknowledges the FIN in frame" },
            { "delay", "duration", "Time since the FIN" },
        },
        text = function(d)
            return string.format("Acknowledges the FIN of frame %d after %.3f ms", d.fin, d.delay / 1e6)
        end,
    },
    {
        id = "probe", title = "Keep-alive probe", levels = { "CHAT" },
        on = "the probe",
        set_when = {
            "No payload, or one byte without PSH; no SYN, FIN or RST.",
            "The sequence number is the one before the sender's next.",
            "All that the sender sent is acknowledged, as far as the capture shows what the peer sends.",
            "The window that the peer offered last is not 0.",
            "It breaks a silence of at least the preference `min_gap`: so long ago its sender last sent payload or a probe, and "
                .. "last heard from the peer, except for what crossed the probe (which does not acknowledge it).",
        },
        written_back = "`answer`. In a capture that starts in the middle of a silence, segments of the first shape are probes when "
            .. "the peer acknowledges the number behind theirs and its window is open, at once if they are empty; a byte is one when the "
            .. "same byte comes again.",
        advice = "Healthy. `cadence`, `interval` and `idle_time` are what the capture has taught so far; compare them with the "
            .. "settings of the host.",
        data = {
            { "number", "count", "Number in this silence" },
            { "answer", "frame", "Answered in frame" },
            { "last_probe", "frame", "Probe before" },
            { "since_last", "duration", "Time since the probe before" },
            { "silence", "duration", "Time since the peer was last heard" },
            { "bytes", "count", "Garbage bytes carried" },
            { "idle_time", "duration", "Idle time learned so far" },
            { "interval", "duration", "Interval between unanswered probes learned so far" },
            { "cadence", "duration", "Cadence of answered probes learned so far" },
        },
        text = function(d)
            local text = string.format("Keep-alive probe %d", d.number)
            if d.since_last then
                text = text .. string.format(", %s after the one before", seconds(d.since_last))
            elseif d.silence then
                text = text .. string.format(", after %s of silence", seconds(d.silence))
            end
            if d.answer then
                text = text .. string.format(", answered in frame %d", d.answer)
            end
            return text
        end,
    },
    {
        id = "answer", title = "Keep-alive answer", levels = { "CHAT" },
        on = "the answer",
        set_when = {
            "The first later segment of the peer that acknowledges the probed number; any window, with or without data.",
            "It is not a probe itself: that was sent without having seen this one.",
        },
        advice = "Healthy. The peer's kernel is alive and the path works both ways; of the peer's application it says nothing.",
        data = {
            { "probe", "frame", "Answers the probe in frame" },
            { "delay", "duration", "Time since the probe" },
        },
        text = function(d)
            return string.format("Answers the probe of frame %d after %.3f ms", d.probe, d.delay / 1e6)
        end,
    },
}

local by_id = {}
for rank, finding in ipairs(FINDINGS) do
    finding.rank = rank
    finding.allows = {}
    for _, declared in ipairs(finding.data) do
        finding.allows[declared[1]] = true
    end
    by_id[finding.id] = finding
end

--- The findings in drawing order; each has id, title, levels (the usual one first), data and text.
catalogue.findings = FINDINGS

--- The declaration of one finding. Raises for an id that is not in the catalogue.
function catalogue.get(id)
    return by_id[id] or error("no finding '" .. tostring(id) .. "' in the catalogue", 2)
end

local function has(list, wanted)
    for _, value in ipairs(list) do
        if value == wanted then
            return true
        end
    end
    return false
end

--- A record of one finding on one frame: { id, level, data }.
-- Raises for an id, a level or a datum that the catalogue does not declare.
function catalogue.record(id, level, data)
    local declared = catalogue.get(id)
    if not has(declared.levels, level) then
        error("finding '" .. id .. "' has no level '" .. tostring(level) .. "'", 2)
    end
    for name in pairs(data) do
        if not declared.allows[name] then
            error("finding '" .. id .. "' declares no datum '" .. tostring(name) .. "'", 2)
        end
    end
    return { id = id, level = level, data = data }
end

--- The sentence that a reader sees for a record.
function catalogue.sentence(record)
    return catalogue.get(record.id).text(record.data)
end

return catalogue
