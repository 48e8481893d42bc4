-- SPDX-License-Identifier: GPL-2.0-or-later

local program = require "keepalive_program"

-- What a shell prints for a command; `before` runs in the same shell.
local function shell(command)
    local pipe = io.popen(command)
    local text = pipe:read("*a")
    pipe:close()
    return text
end

local function among(files)
    local names = {}
    for name in pairs(files) do
        names[#names + 1] = name
    end
    table.sort(names)
    local index = 0
    return program.capture_among(function()
        index = index + 1
        return names[index]
    end, function(name) return files[name] or nil end)
end

local PCAP, PCAPNG, GZIP = "\xd4\xc3\xb2\xa1\2\0\4\0", "\x0a\x0d\x0d\x0a\0\0\0\0", "\x1f\x8b\8\0\0\0\0\0"

describe("a word for the shell", function()
    for _, word in ipairs({ "plain", "two words", "it's", "$(touch /tmp/x)", "`id`", 'a"b', "a\\b", "-o", "a;b", "a\nb" }) do
        it("is the word again: " .. word, function()
            assert.are.equal(word, shell("printf %s " .. program.quoted(word)))
        end)
    end
end)

describe("the capture among the open files", function()
    it("is the one that begins like one", function()
        assert.are.equal("/a/b.pcap", among({ ["/a/b.pcap"] = PCAP, ["/usr/share/font"] = "\0\1\0\0abcd" }))
        assert.are.equal("/a/b", among({ ["/a/b"] = PCAPNG }))
        assert.are.equal("/a/b.gz", among({ ["/a/b.gz"] = GZIP }))
    end)

    it("is a plain one rather than something compressed", function()
        assert.are.equal("/a/b.pcap", among({ ["/a/b.pcap"] = PCAP, ["/usr/share/data.gz"] = GZIP }))
    end)

    it("is not told where there are two", function()
        assert.is_nil(among({ ["/a/b.pcap"] = PCAP, ["/a/c.pcapng"] = PCAPNG }))
    end)

    it("is not told where there is none, or it cannot be read any more", function()
        assert.is_nil(among({ ["/usr/share/font"] = "\0\1\0\0abcd" }))
        assert.is_nil(among({ ["/a/b.pcap (deleted)"] = false }))
        assert.is_nil(among({}))
    end)

    it("may be open twice", function()
        local paths, index = { "/a/b.pcap", "/a/b.pcap" }, 0
        local function each()
            index = index + 1
            return paths[index]
        end
        assert.are.equal("/a/b.pcap", program.capture_among(each, function() return PCAP end))
    end)

    -- As on Linux, and as on a system without /proc.
    for _, proc in ipairs({ "/proc/", "/none/" }) do
        it("is listed by the system, which names the files that the shell's parent has open: " .. proc, function()
            local path = os.tmpname()
            local file = assert(io.open(path, "r"))
            local listed = shell((program.OPEN_FILES:gsub("/proc/", proc)))
            file:close()
            local closed = shell((program.OPEN_FILES:gsub("/proc/", proc)))
            os.remove(path)
            assert.is_truthy(("\n" .. listed):find("\n" .. path .. "\n", 1, true))
            assert.is_nil(("\n" .. closed):find("\n" .. path .. "\n", 1, true))
        end)
    end
end)

describe("pyreport", function()
    it("is named by the note of the installation", function()
        assert.are.equal("/opt/a b/pyreport", program.installed_by('{\n "version": "1",\n "program": "/opt/a b/pyreport"\n}'))
        assert.is_nil(program.installed_by('{"program": ""}'))
        assert.is_nil(program.installed_by("{}"))
        assert.is_nil(program.installed_by(nil))
    end)

    it("is found where it can be run", function()
        assert.are.equal("/bin/sh\n", shell(program.find_command("/bin/sh")))
        assert.are_not.equal("/etc/passwd\n", shell(program.find_command("/etc/passwd")))
        assert.are_not.equal("/bin\n", shell(program.find_command("/bin")))
    end)

    it("gets a place for the PDF that no file has", function()
        local folder = shell("mktemp -d"):match("[^\n]+")
        local place = program.place_command(folder .. "/it's.pcap", 3, false)
        assert.are.equal(folder .. "/it's.stream-3.report.pdf\n", shell(place))
        io.open(folder .. "/it's.stream-3.report.pdf", "w"):close()
        assert.are.equal(folder .. "/it's.stream-3.report-2.pdf\n", shell(place))
        local home = "HOME=" .. program.quoted(folder) .. "; "
        assert.are.equal(folder .. "/capture.stream-3.report.pdf\n", shell(home .. program.place_command("/tmp/x", 3, true)))
        assert.are.equal(folder .. "/a.stream-3.report.pdf\n", shell(home .. program.place_command("/none/a.pcap", 3, false)))
        shell("rm -r " .. program.quoted(folder))
    end)

    it("runs beside, and its log says how it ended", function()
        for _, case in ipairs({ { "/bin/echo", true, "report /a b.pcap --stream 3 -o /c.pdf --show" }, { "/bin/false", false, "" } }) do
            local log = os.tmpname()
            local command = program.report_command(case[1], "/a b.pcap", 3, "/c.pdf", log, false)
            -- "wait" is the test's: the shell of the menus does not.
            shell(command .. " wait")
            local file = io.open(log)
            local state = program.read_log(file:read("*a"))
            file:close()
            os.remove(log)
            assert.are.same({ has_ended = true, is_well = case[2], words = case[3] }, state)
        end
    end)

    describe("asked for the events", function()
        -- Writes its arguments into the file that it is to write the table into.
        local fake

        local function content(path)
            local file = io.open(path)
            local text = file and file:read("*a")
            if file then
                file:close()
            end
            return text
        end

        before_each(function()
            fake = shell("mktemp -d"):match("[^\n]+") .. "/it's pyreport"
            local file = io.open(fake, "w")
            file:write('#!/bin/sh\nprintf "%s\\n" "$@" >"$4"\n')
            file:close()
            shell("chmod 700 " .. program.quoted(fake))
        end)
        after_each(function() shell("rm -r " .. program.quoted(fake:match("^(.*)/"))) end)

        it("writes a table, and its log says how it ended", function()
            local written, log = os.tmpname(), os.tmpname()
            shell(program.events_command(fake, "/a b.pcap", written, log, false) .. " wait")
            assert.are.equal("scan\n/a b.pcap\n--tsv\n" .. written .. "\n", content(written))
            assert.are.same({ has_ended = true, is_well = true, words = "" }, program.read_log(content(log)))
            os.remove(written)
            os.remove(log)
        end)

        it("leaves nothing behind when nobody waits for it any more", function()
            local written, log = os.tmpname(), os.tmpname()
            -- The log goes while pyreport works.
            shell("echo 'rm -f " .. log .. "' >>" .. program.quoted(fake))
            shell(program.events_command(fake, "/a b.pcap", written, log, false) .. " wait")
            assert.are.same({}, { content(written), content(log) })
        end)
    end)

    it("has its written-out capture removed, and no other", function()
        for _, is_temporary in ipairs({ true, false }) do
            local capture, log = os.tmpname(), os.tmpname()
            for _, command in ipairs({
                program.report_command("/bin/true", capture, 3, "/c.pdf", log, is_temporary),
                program.events_command("/bin/true", capture, "/none", log, is_temporary),
            }) do
                io.open(capture, "w"):close()
                shell(command .. " wait")
                local file = io.open(capture)
                assert.are.equal(is_temporary, file == nil)
                if file then
                    file:close()
                end
            end
            os.remove(capture)
            os.remove(log)
        end
    end)

    it("has not ended as long as the log does not say so", function()
        assert.are.same({ has_ended = false, words = "reading" }, program.read_log("reading"))
        assert.are.same({ has_ended = false, words = "" }, program.read_log(nil))
    end)
end)
