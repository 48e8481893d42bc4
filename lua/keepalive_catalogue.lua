-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The catalogue of findings: each one declared once, with its levels, its data and its sentence.
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
local FINDINGS = {
    {
        id = "gave_up", title = "Keep-alive gave up", levels = { "ERROR" },
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
        data = {
            { "cause", "frame", "Answers the segment in frame" },
            { "cause_kind", "text", "What it answers" },
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
        data = {
            { "by", "text", "Side that sent no probe" },
            { "intervals", "count", "Intervals missed" },
            { "due", "moment", "First missed probe was due at" },
            { "overdue", "duration", "Time since it was due" },
            { "interval", "duration", "Interval expected" },
            { "last_probe", "frame", "Last probe before the gap" },
            { "gap", "duration", "Time since the last probe" },
            { "ended_by", "text", "What ended the gap" },
        },
        text = function(d)
            return string.format("%s missed by %s: a probe was due %s before %s",
                plural(d.intervals, "keep-alive interval"), d.by, seconds(d.overdue),
                d.ended_by == "end of the capture" and "the capture ends" or "this frame")
        end,
    },
    {
        id = "post_fin_write", title = "Write after the peer's FIN", levels = { "WARN", "NOTE" },
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
        data = {
            { "by", "text", "Sent by" },
            { "followed", "text", "What it followed" },
            { "cause", "frame", "Segment it followed" },
            { "delay", "duration", "Time since that segment" },
            { "data_idle", "duration", "Time since the last payload byte" },
            { "packet_idle", "duration", "Time since the last segment" },
        },
        text = function(d)
            return string.format("RST by %s, following %s", d.by, d.followed)
        end,
    },
    {
        id = "fin", title = "First FIN", levels = { "NOTE" },
        data = {
            { "by", "text", "Closed first by" },
            { "data_idle", "duration", "Time since the last payload byte" },
            { "packet_idle", "duration", "Time since the last segment" },
            { "last_data", "frame", "Last frame with payload" },
        },
        text = function(d)
            if not d.data_idle then
                return string.format("%s closes first (no payload seen before)", d.by)
            end
            return string.format("%s closes first, %s after the last data (frame %d)",
                d.by, seconds(d.data_idle), d.last_data)
        end,
    },
    {
        id = "closed_before_due", title = "Closed before the next probe was due", levels = { "NOTE" },
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
