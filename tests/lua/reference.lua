-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Writes the reference of the findings, lua/README.md, from the catalogue and from what keepalive.lua registers.
-- Returns { page, path }: page() gives the text, path is where it lies.

local cadence = require "keepalive_cadence"
local catalogue = require "keepalive_catalogue"
local settings = require "keepalive_settings"
local state = require "keepalive_state"

local reference = { path = "lua/README.md" }

local INTRODUCTION = [[
# Findings

What the plugin says of a frame, when it says so, and what to make of it. A frame may have several findings; the worst
comes first: that of the highest level, and of several that which stands first here. *Set when* means: when all of these are true.

*Written back* is what only later frames tell. Wireshark's window shows it, as does `tshark -2`; a single pass of tshark
does not. This page is written from [keepalive_catalogue.lua](keepalive_catalogue.lua) by `make reference`.

Words: a **probe** is a keep-alive segment; its **answer** is the first later segment of the peer that acknowledges it.
**Idle** and **interval** are TCP_KEEPIDLE and TCP_KEEPINTVL of the side that probes, the **cadence** is the gap between
answered probes. A **silence** is the time since payload, SYN or FIN went by in either direction.
]]

local FIELDS = [[
## Fields

A finding `<id>` makes the field `keepalive.<id>`, below it `keepalive.<id>.<datum>` for what it carries, and the expert
information `keepalive.<id>.expert`. A datum that is not known is left out; one marked *always* is never. Types:

| type | in Wireshark | unit |
|---|---|---|
| duration | FT_RELATIVE_TIME | seconds, to the nanosecond |
| moment | FT_ABSOLUTE_TIME | time of day, shown in local time |
| frame | FT_FRAMENUM | frame number; a double click goes there |
| count | FT_UINT32 | |
| end | FT_STRING | one end of the connection: `address:port`, for IPv6 `[address]:port` |
| host | FT_STRING | an address |
| token | FT_STRING | the text of one of the ids that the datum lists; `keepalive.record` has the id |

For all findings alike:

| field | meaning |
|---|---|
]]

-- Fields that are not of one finding.
local COMMON_FIELDS = {
    { "keepalive.finding", "hidden: the id of each finding of the frame, worst first" },
    { "keepalive.level", "hidden: its level, Chat, Note, Warn or Error" },
    { "keepalive.summary", "hidden: its sentence, at most 70 characters" },
    { "keepalive.worst", "hidden: the id of the worst finding, by which the profile colours: that of the highest level, and of "
        .. "several the one that stands first on this page" },
    { "keepalive.headline", "hidden, for the packet list: the sentence of the worst finding, without the addresses that stand beside it, "
        .. "then the titles of the others (but for Chat); `►` before a first FIN that has `keepalive.linked_from`" },
    { "keepalive.linked_from", "on a frame that a finding at Warn or Error of another frame links to: that other frame; two passes "
        .. "show it" },
    { "keepalive.failed", "in which frame the plugin failed, and how: on that frame and on all later ones, none of which is judged" },
    { "keepalive.related", "hidden: each frame that a finding of this frame links to: `keepalive.related == 940`" },
    { "keepalive.record", "hidden, for programs: `id|Level|name=value|...`, numbers as integers, durations (`_ns`) and "
        .. "moments since the first frame (`_at_ns`) in nanoseconds, frames (`_frame`), tokens by their id; `%`, `|` and control "
        .. "characters of a value are percent-encoded" },
    { "keepalive.state.src", "with the preference `show_state`: the RFC 9293 state of the sender after the segment, a number "
        .. "(of RFC 4022) shown by its name: `keepalive.state.src == \"CLOSE-WAIT\"`" },
    { "keepalive.state.dst", "the same of the receiver" },
}

local SCHEDULE = [[
## The schedule

When a side's next probe is due, by the rules of Linux (`tcp_keepalive_timer`). Each side has its own schedule.

1. After an answered probe: that probe + cadence. After an unanswered probe: that probe + interval, or + cadence while no
   unanswered probe has shown the interval.
2. The first probe of a silence, any probe while no cadence is known, and the one after an answer that took longer than
   others by more than the tolerance: the last time that the side heard from its peer + idle, but not before the timer that
   the last probe set has run out.
3. The side hears from its peer by every segment that the peer sends, with two exceptions: a segment all of which was
   acknowledged before, and a probe of a peer on Linux. A BSD restarts its idle timer when the peer probes, Linux does not.
   So a probe of the peer counts, even one that crossed the side's own, but only for the shortest time in which the side was
   seen to probe after one. A segment within the tolerance after an answer, such as a copy of it, starts nothing anew.
4. The preferences `idle` and `interval` go before what the capture shows. With both set, the cadence is the larger of the
   two, unless the capture shows a cadence that agrees with it. The learned idle is the shortest seen; the learned interval
   and cadence are medians. Two longer gaps in a row that agree are a new setting. Shorter gaps are more likely probes whose
   answers were lost on the way to the side: nine in a row that agree are a new setting, more than a kernel sends in vain. Two
   are where its probes echo the timestamps of the answers (TSecr), so that it had these, and the peer sends no probes.
5. Tolerance: a probe is on time until due + %s of the spacing + the preference `slack`. The first part is how far a Linux
   timer may be rounded. After a segment that the side hears, the time that it took to answer in the handshake is added, since
   in a capture from the other end that segment is still on its way to it: 1 s where the capture shows nothing that the side
   answered, but its probes. So one dropped probe does not show where the interval
   is shorter than the tolerance: 60 s of idle time may last 67.8 s, and the next probe comes at 65 s.
6. No probe is due while data is in flight, while the peer's window is 0, and after the side's own FIN. Data is in flight for
   a side that sends it again and again although it was acknowledged, too: it lacks the acknowledgments. Nor when the capture
   does not show what the peer sends, or does not tell the times above, and from a clock set back until the next probe. The
   same holds for one that was set forward, as far as timestamps show it: those of both sides stay behind by the same, and the
   capture shows no frame of anybody for as long. Where those of one side stay behind, its host stood still.
]]

local STATES = [[
## The states

What `keepalive.state.src` and `keepalive.state.dst` go through, as the capture shows a side's segments: RFC 9293 section 3.3.2.
An RST leads from every state to CLOSED. A capture that starts in the middle starts in ESTABLISHED. The states are shown and
decide nothing; [keepalive_state.lua](keepalive_state.lua) says why.

```mermaid
stateDiagram-v2
    [*] --> CLOSED
    [*] --> ESTABLISHED: the capture starts in the middle
%s
```
]]

local PREFERENCES = [[
## Preferences

*Edit > Preferences > Protocols > KEEPALIVE*, or `-o keepalive.slack:500` on the command line.

| name | title | default | meaning |
|---|---|---|---|
]]

local S, MS = 1000000000, 1000000

-- Data for the sentence that each finding shows.
local EXAMPLES = {
    gave_up = { unanswered = 9, silence = 675200 * MS },
    post_fin_reset = { cause = 979, cause_kind = "probe", fin = 940, after_fin = 5008 * MS },
    missed = { by = "192.0.2.1:40000", intervals = 3, overdue = 14973 * MS, ended_by = "data" },
    post_fin_write = { bytes = 84, after_fin = 52094 * MS, fin = 940 },
    write_after_own_fin = { fin = 940 },
    unanswered = { probe = 898, in_a_row = 2 },
    late = { overdue = 1465 * MS },
    reset = { by = "198.51.100.2:9092", followed = "data", cause = 1201, delay = 2 * MS, packet_idle = 2 * MS,
        silence = 900 * S, silence_from = "payload", since = 1199 },
    fin = { by = "198.51.100.2:9092", silence = 60 * S, silence_from = "payload", since = 438, farewell = 440,
        farewell_bytes = 24 },
    refused_by = { device = "203.0.113.1", reason = "prohibited", icmp_type = 3, icmp_code = 13, sender = "192.0.2.1:40000",
        segment = 505 },
    setting_changed = { by = "192.0.2.1:40000", before = 5008 * MS, after = 15 * S },
    capture_hole = { length = 17549 * MS, last_frame = 797, connections = 15 },
    retransmission_timeout = { by = "192.0.2.1:40000", data = 1202, repeats = 12, waited = 80891 * MS },
    closed_before_due = { by = "192.0.2.1:40000", margin = 99 * MS },
    post_fin_probe = { after_fin = 5008 * MS, fin = 940 },
    fin_ack = { fin = 940, delay = 10000 },
    probe = { number = 3, since_last = 5008 * MS, answer = 506 },
    answer = { probe = 505, delay = 220000 },
}

local function read(path)
    local file = assert(io.open(path, "r"))
    local text = file:read("*a")
    file:close()
    return text
end

local function code_list(names)
    local quoted = {}
    for i, name in ipairs(names) do
        quoted[i] = "`" .. name .. "`"
    end
    return table.concat(quoted, ", ")
end

local function level_names(finding)
    local names = {}
    for i, level in ipairs(finding.levels) do
        names[i] = catalogue.LEVELS[level]
    end
    return table.concat(names, " or ")
end

-- What a token can be: each id, and the text that it shows where that is another.
local function token_list(datum)
    local shown = {}
    for i, token in ipairs(datum.values or {}) do
        local text = catalogue.text_of(token)
        shown[i] = "`" .. token .. "`" .. (text == token and "" or " (" .. text .. ")")
    end
    return shown[1] and ": " .. table.concat(shown, "; ") or ""
end

-- An index, worst first.
local function index()
    local lines = { "| finding | level | on |", "|---|---|---|" }
    for _, finding in ipairs(catalogue.findings) do
        lines[#lines + 1] = string.format("| [`%s`](#%s) | %s | %s |", finding.id, finding.id, level_names(finding), finding.on)
    end
    return table.concat(lines, "\n")
end

local function section(finding)
    local lines = {}
    local function add(...)
        lines[#lines + 1] = string.format(...)
    end
    add("## %s\n", finding.id)
    add("**%s**, %s, on %s.\n", finding.title, level_names(finding), finding.on)
    local example = assert(EXAMPLES[finding.id], "no example in EXAMPLES for " .. finding.id)
    add("> %s\n", catalogue.sentence({ id = finding.id, data = example }))
    add("Set when:\n")
    for _, condition in ipairs(finding.set_when) do
        add("- %s", condition)
    end
    add("")
    if finding.supersedes then
        add("Supersedes %s.\n", code_list(finding.supersedes))
    end
    if finding.level_when then
        add("*Level:* %s\n", finding.level_when)
    end
    if finding.written_back then
        add("*Written back:* %s\n", finding.written_back)
    end
    add("*What to think of it:* %s\n", finding.advice)
    add("| datum | type | always | meaning |\n|---|---|---|---|")
    for _, datum in ipairs(finding.data) do
        add("| `%s` | %s | %s | %s%s |", datum.name, datum.kind, datum.always and "yes" or "", datum.label, token_list(datum))
    end
    return table.concat(lines, "\n") .. "\n"
end

local function common_fields()
    local rows = {}
    for i, field in ipairs(COMMON_FIELDS) do
        rows[i] = string.format("| `%s` | %s |", field[1], (field[2]:gsub("|", "\\|")))
    end
    return table.concat(rows, "\n") .. "\n"
end

-- The transitions as lines of a diagram. Mermaid takes no "-" in a state's name.
local function transitions()
    local lines = {}
    for from, by_event in pairs(state.TRANSITIONS) do
        for event, to in pairs(by_event) do
            lines[#lines + 1] = string.format("    %s --> %s: %s", (from:gsub("-", "_")), (to:gsub("-", "_")), (event:gsub("_", " ")))
        end
    end
    table.sort(lines)
    return table.concat(lines, "\n")
end

-- As keepalive.lua registers them, in the order of its text.
local function preferences(adapter)
    local rows = {}
    for name, label, default, meaning in adapter:gmatch('prefs%.([%w_]+) = Pref%.%w+%("([^"]+)", ([%w_.]+),%s*"([^"]+)"') do
        local usual = default:match("^usual%.([%w_]+)$")
        default = usual and tostring(settings.USUAL[usual]) or default
        default = default == "true" and "on" or default == "false" and "off" or default
        rows[#rows + 1] = string.format("| `%s` | %s | %s | %s |", name, label, default, meaning)
    end
    return table.concat(rows, "\n") .. "\n"
end

--- The text of the page.
function reference.page()
    local adapter = read("lua/keepalive.lua")
    local rounding = string.format("%.1f %%", cadence.rounding(1000 * S) / (10 * S))
    local parts = { INTRODUCTION, index() .. "\n" }
    for _, finding in ipairs(catalogue.findings) do
        parts[#parts + 1] = section(finding)
    end
    parts[#parts + 1] = FIELDS .. common_fields()
    parts[#parts + 1] = string.format(SCHEDULE, rounding)
    parts[#parts + 1] = string.format(STATES, transitions())
    parts[#parts + 1] = PREFERENCES .. preferences(adapter)
    return table.concat(parts, "\n")
end

--- Writes the page to its place.
function reference.write()
    local page = reference.page()
    local file = assert(io.open(reference.path, "w"))
    file:write(page)
    file:close()
end

return reference
