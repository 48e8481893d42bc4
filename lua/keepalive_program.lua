-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- How the menus find the open capture and pyreport, and start it: texts for a POSIX shell, and what the shell answers.
-- Nothing here starts anything.

local program = {}

--- The word as a shell reads it: nothing in it has a meaning of its own.
function program.quoted(word)
    return "'" .. word:gsub("'", "'\\''") .. "'"
end

local quoted = program.quoted

--- Prints the path of pyreport, or nothing: the one that installed the plugin, else one in PATH, else where it usually is. A
-- desktop gives its programs a shorter PATH than a terminal.
function program.find_command(installed)
    return "for p in " .. quoted(installed or "")
        .. ' "$(command -v pyreport)" "$HOME/.local/bin/pyreport" /usr/local/bin/pyreport /opt/homebrew/bin/pyreport; do '
        .. '[ -f "$p" ] && [ -x "$p" ] && { printf "%s\\n" "$p"; break; }; done'
end

--- The pyreport that the note of an installation names, nil when it names none. `text` is the note (JSON).
function program.installed_by(text)
    local path = text and text:match('"program"%s*:%s*"([^"\\]+)"')
    return path ~= "" and path or nil
end

--- Prints the regular files that the parent of the shell, Wireshark, has open, one a line. Linux tells it in /proc; macOS by
-- lsof, whose lines of names begin with "n".
program.OPEN_FILES = 'if [ -d "/proc/$PPID/fd" ]; then for f in "/proc/$PPID/fd"/*; do [ -f "$f" ] && readlink "$f"; done; '
    .. 'else lsof -a -p "$PPID" -d 0-9999 -F n 2>/dev/null | sed -n "s/^n\\//\\//p"; fi'

-- The first bytes of the capture files that pyreport reads.
local MAGIC = {
    "\x0a\x0d\x0d\x0a", "\xd4\xc3\xb2\xa1", "\xa1\xb2\xc3\xd4", "\x4d\x3c\xb2\xa1", "\xa1\xb2\x3c\x4d",
}
local COMPRESSED = { "\x1f\x8b", "\x28\xb5\x2f\xfd", "\x04\x22\x4d\x18" }

local function begins_with(bytes, beginnings)
    for _, beginning in ipairs(beginnings) do
        if bytes:sub(1, #beginning) == beginning then
            return true
        end
    end
    return false
end

--- The capture among the open files, nil when it cannot be told: none, or more than one. `paths` is an iterator;
-- `first_bytes(path)` gives the beginning of a file, nil when it cannot be read (it may be deleted).
function program.capture_among(paths, first_bytes)
    local plain, compressed, seen = {}, {}, {}
    for path in paths do
        local bytes = not seen[path] and first_bytes(path)
        seen[path] = true
        if bytes and begins_with(bytes, MAGIC) then
            plain[#plain + 1] = path
        elseif bytes and begins_with(bytes, COMPRESSED) then
            compressed[#compressed + 1] = path
        end
    end
    local found = plain[1] and plain or compressed
    return found[2] == nil and found[1] or nil
end

--- Prints where the report of a capture goes: beside it when that folder can be written, else into the home folder. The name
-- is one that no file has yet. A temporary capture has no place of its own.
function program.place_command(capture, stream, is_temporary)
    local folder, name = capture:match("^(.*)/([^/]+)$")
    local base = string.format("%s.stream-%d", is_temporary and "capture" or name:gsub("%.[^.]+$", ""), stream)
    return "d=" .. quoted(is_temporary and "" or folder) .. '; [ -n "$d" ] && [ -w "$d" ] || d="$HOME"; [ -w "$d" ] || '
        .. 'd="${TMPDIR:-/tmp}"; n=' .. quoted(base) .. '; f="$d/$n.report.pdf"; i=1; while [ -e "$f" ]; do i=$((i+1)); '
        .. 'f="$d/$n.report-$i.pdf"; done; printf "%s\\n" "$f"'
end

--- Starts pyreport beside Wireshark: the shell is back at once. What pyreport says goes into `log`, and at last its exit status
-- in a line of its own. It opens the PDF, or shows what went wrong in a window of its own. A written-out capture is removed.
function program.report_command(pyreport, capture, stream, pdf, log, is_temporary)
    local words = { quoted(pyreport), "report", quoted(capture), "--stream", string.format("%d", stream), "-o", quoted(pdf), "--show" }
    local clear = is_temporary and "rm -f " .. quoted(capture) .. "; " or ""
    return "{ " .. table.concat(words, " ") .. " >" .. quoted(log) .. " 2>&1 </dev/null; s=$?; " .. clear
        .. 'printf "\\nexit status %d\\n" "$s" >>' .. quoted(log) .. "; } >/dev/null 2>&1 &"
end

--- Starts pyreport beside Wireshark to write the table of the capture's events into `table_file`; the log ends as above. Both
-- files are removed where the log is gone by then: nobody waits for them any more.
function program.events_command(pyreport, capture, table_file, log, is_temporary)
    local clear = is_temporary and "rm -f " .. quoted(capture) .. "; " or ""
    return "{ " .. quoted(pyreport) .. " scan " .. quoted(capture) .. " --tsv " .. quoted(table_file) .. " >>" .. quoted(log)
        .. " 2>&1 </dev/null; s=$?; " .. clear .. "if [ -e " .. quoted(log) .. ' ]; then printf "\nexit status %d\n" "$s" >>'
        .. quoted(log) .. "; else rm -f " .. quoted(table_file) .. "; fi; } >/dev/null 2>&1 &"
end

--- What a log says: whether pyreport has ended, whether well, and its words.
function program.read_log(text)
    local words, status = (text or ""):match("^(.*)\nexit status (%d+)\n$")
    if not status then
        return { has_ended = false, words = text or "" }
    end
    return { has_ended = true, is_well = status == "0", words = (words:gsub("%s+$", "")) }
end

--- How to get pyreport.
program.HOW_TO_GET = "The report is written by pyreport, which was not found on this computer.\n\n"
    .. "On Linux and macOS, in the folder of the project:\n\n"
    .. "    pipx install .\n"
    .. "    pyreport install\n\n"
    .. "and restart Wireshark. INSTALL.md has the details. On Windows pyreport runs inside WSL: give it the capture there.\n"

return program
