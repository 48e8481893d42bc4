-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The menus of Wireshark's window: Tools > Keep-alive, and the right click on a packet. Besides keepalive.lua the only file that
-- names Wireshark's API. Loading it does nothing: Wireshark loads each Lua file of the folder by itself.

local events = require "keepalive_events"
local incidents = require "keepalive_incidents"
local program = require "keepalive_program"

local menus = {}

local IS_WINDOWS = package.config:sub(1, 1) == "\\"
-- How much of a file tells what it is.
local MOST_MAGIC = 8

-- What register() was given.
local version, records_of
local read_stream
-- The folder of this file, with a separator at its end.
local folder = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or ""

-- Starting and reading ----------------------------------------------------------------------------------------------

-- The output of a command that is done at once.
local function output_of(command)
    local pipe = io.popen(command)
    if not pipe then
        return ""
    end
    local text = pipe:read("*a")
    pipe:close()
    return text or ""
end

local function content_of(path, mode, most)
    local file = io.open(path, mode)
    if not file then
        return nil
    end
    local text = file:read(most or "*a")
    file:close()
    return text
end

local function pyreport_path()
    if IS_WINDOWS then
        return nil
    end
    local installed = program.installed_by(content_of(folder .. "installed.json", "r"))
    return output_of(program.find_command(installed)):match("^[^\n]+")
end

local function open_capture()
    local paths = output_of(program.OPEN_FILES):gmatch("[^\n]+")
    return program.capture_among(paths, function(path) return content_of(path, "rb", MOST_MAGIC) end)
end

-- Reading the capture -----------------------------------------------------------------------------------------------

-- Has `each` called for the frames that `filter` lets through (nil: all), whatever the window shows.
local function for_each_frame(filter, each)
    local listener = Listener.new("frame", filter)
    local failure
    function listener.packet(pinfo)
        if not failure then
            local is_fine, problem = pcall(each, pinfo)
            failure = not is_fine and problem or nil
        end
    end
    retap_packets()
    listener:remove()
    if failure then
        error(failure, 0)
    end
end

local function collected()
    local found = incidents.new()
    for_each_frame("keepalive.finding", function(pinfo)
        local stream, records = read_stream(), records_of(pinfo.number)
        if stream and records then
            local ends = string.format("%s:%d - %s:%d", tostring(pinfo.src), pinfo.src_port, tostring(pinfo.dst), pinfo.dst_port)
            found:add(stream.value, ends, records)
        end
    end)
    return found:list()
end

-- Writes all frames of the window into a new file and returns its path. All, and not those of one connection: so each keeps its
-- number, and what the other connections tell (a host that stood still, a hole in the capture) stays.
local function write_out()
    local path = os.tmpname()
    -- Not pcapng: Wireshark 4.0 writes whole seconds into one that Lua opens.
    local kind = wtap_name_to_file_type_subtype("nsecpcap")
    local dumper
    for_each_frame(nil, function()
        dumper = dumper or Dumper.new_for_current(path, kind)
        dumper:dump_current()
    end)
    if not dumper then
        os.remove(path)
        error("There is no frame to report on: open a capture first.", 0)
    end
    dumper:close()
    return path
end

-- Windows -----------------------------------------------------------------------------------------------------------

-- Wireshark disconnects a closed window from all signals (accept and reject in ui/qt/funnel_string_dialog.cpp and
-- funnel_text_dialog.cpp), so Qt never hears that it is destroyed. When another one comes to lie at the same address, Qt 6.8 asks
-- what it still knows of the first, and the program ends. So freed memory of about their size is taken while one is made.
local SMALLEST, LARGEST, ALIGNMENT = 80, 176, 16 -- octets; a text window of 4.4 takes 112
local PIECES = 4096 -- of each size
local BESIDE_CHARACTERS = 33 -- octets that Lua and malloc add to a string

local function at_a_new_address(make, ...)
    local taken = {}
    for size = SMALLEST, LARGEST, ALIGNMENT do
        for _ = 1, PIECES do
            taken[#taken + 1] = (" "):rep(size - BESIDE_CHARACTERS)
        end
    end
    local made = make(...) -- no tail call: that would let go what is taken
    return made
end

-- The windows that were opened: Wireshark closes one that Lua does not hold any more (TextWindow__gc in
-- epan/wslua/wslua_gui.c).
local opened = {}

local function show(title, text)
    local window = at_a_new_address(TextWindow.new, title)
    opened[#opened + 1] = window
    window:set(text)
    return window
end

-- An action of a menu or of a button, whose failure is seen.
local function guarded(action)
    return function(...)
        local is_fine, problem = pcall(action, ...)
        if not is_fine then
            report_failure(tostring(problem))
        end
    end
end

local function state_text(pdf, log)
    local state = program.read_log(content_of(log, "r"))
    if not state.has_ended then
        return "pyreport is at work. This window need not stay open.\n\nThe report will be\n" .. pdf
            .. "\nand opens by itself. 'State' says how far it is.\n\n" .. state.words
    elseif state.is_well then
        return "The report is written:\n" .. pdf .. "\n\n" .. state.words .. "\n"
    end
    return "There is no report.\n\n" .. state.words .. "\n"
end

local function report_on(stream)
    local pyreport = pyreport_path()
    if not pyreport then
        show("Report on this connection", program.HOW_TO_GET)
        return
    end
    local capture = open_capture()
    local is_temporary = not capture
    capture = capture or write_out()
    local pdf = output_of(program.place_command(capture, stream, is_temporary)):match("^[^\n]+")
    local log = os.tmpname()
    os.execute(program.report_command(pyreport, capture, stream, pdf, log, is_temporary))
    local window = show("Report on TCP stream " .. stream, state_text(pdf, log))
    window:add_button("State", guarded(function() window:set(state_text(pdf, log)) end))
    window:set_atclose(function()
        if program.read_log(content_of(log, "r")).has_ended then
            os.remove(log)
        end
    end)
end

local function apply(filter)
    set_filter(filter)
    apply_filter()
end

-- Has pyreport group the connections into events, beside the window; nil without pyreport, or without a frame.
local function start_events()
    local pyreport = pyreport_path()
    if not pyreport then
        return nil
    end
    local capture = open_capture()
    local is_temporary = not capture
    capture = capture or write_out()
    local job = { table_file = os.tmpname(), log = os.tmpname() }
    os.execute(program.events_command(pyreport, capture, job.table_file, job.log, is_temporary))
    return job
end

-- The events that a job found: nil and why not, when it has none (yet).
local function events_of(job)
    local state = program.read_log(content_of(job.log, "r"))
    if not state.has_ended then
        return nil, "pyreport is still at work: press 'Events' again in a moment."
    end
    local found = state.is_well and events.read(content_of(job.table_file, "r") or "")
    return found or nil, "pyreport cannot tell the events of this capture. " .. state.words
end

local BESIDE = "pyreport groups these connections by what happened to them: 'Events' shows that, and leads back here."
local WITHOUT = "With pyreport, these connections would be grouped by what happened to them. Tools > Keep-alive > About and check "
    .. "says how to get it."

local function show_incidents()
    local job = start_events()
    local own = { list = collected(), index = 1, texts = incidents }
    local grouped
    local shown = own
    local window = show("Keep-alive incidents", "")
    local function draw(note)
        window:set((note and note .. "\n\n" or "") .. shown.texts.page(shown.list, shown.index))
    end
    local function turn(step)
        return guarded(function()
            shown.index = (shown.index + step - 1) % math.max(#shown.list, 1) + 1
            draw()
        end)
    end
    local function with_chosen(act)
        return guarded(function()
            local chosen = shown.list[shown.index]
            if chosen then
                act(chosen)
            end
        end)
    end
    window:add_button("Next", turn(1))
    window:add_button("Previous", turn(-1))
    -- No function of the API goes to a frame. The only frame that a filter shows is selected, and stays so with the next filter;
    -- two filters in one call get in each other's way.
    window:add_button("Go to frame", with_chosen(function(chosen) apply(shown.texts.frame_filter(chosen)) end))
    window:add_button("Show connection", with_chosen(function(chosen) apply(shown.texts.filter(chosen)) end))
    window:add_button("Copy", with_chosen(function(chosen) copy_to_clipboard(shown.texts.summary(chosen)) end))
    window:add_button("PDF", with_chosen(function(chosen) report_on(chosen.stream) end))
    if job then
        window:add_button("Events", guarded(function()
            local found, why_not
            if not grouped then
                found, why_not = events_of(job)
                grouped = found and { list = found, index = 1, texts = events }
            end
            shown = shown == own and grouped or own
            draw(why_not)
        end))
        window:set_atclose(function()
            os.remove(job.log)
            os.remove(job.table_file)
        end)
    end
    draw(job and BESIDE or WITHOUT)
end

-- Which connection, where Wireshark does not tell the selected packet: the one of the display filter is proposed.
local function ask_for_stream()
    local proposed = get_filter():match("tcp%.stream%s*==%s*(%d+)") or get_filter():match("tcp%.stream%s+eq%s+(%d+)") or ""
    at_a_new_address(new_dialog, "Report on a connection (PDF)", guarded(function(typed)
        local stream = typed and typed:match("^%s*(%d+)%s*$")
        if not stream then
            error("Type the number in the column Stream (tcp.stream), such as 15.", 0)
        end
        report_on(tonumber(stream))
    end), { name = "Stream (tcp.stream)", value = proposed })
end

local function stream_of(...)
    for _, field in ipairs({ ... }) do
        if field.name == "tcp.stream" then
            return field.value
        end
    end
    return error("This packet belongs to no TCP connection.", 0)
end

local function about()
    local pyreport = pyreport_path()
    local said = pyreport and output_of(program.quoted(pyreport) .. " --version 2>&1"):match("^[^\n]+")
    show("Keep-alive: about and check", table.concat({
        "Keep-alive plugin " .. version,
        "in " .. folder,
        "",
        "Wireshark " .. get_version() .. ", " .. _VERSION,
        pyreport and (said or "pyreport") .. "\nin " .. pyreport or "pyreport was not found.\n\n" .. program.HOW_TO_GET,
        "",
        pyreport and "In a terminal, this checks the installation and says how to cure what is wrong:\n\n    pyreport doctor\n" or "",
    }, "\n"))
end

--- Adds the menus. `plugin_version` is shown; `find_records(frame)` gives the records of a frame, worst first, or nil.
function menus.register(plugin_version, find_records)
    version, records_of = plugin_version, find_records
    read_stream = Field.new("tcp.stream")
    register_menu("Keep-alive/Incidents", guarded(show_incidents), MENU_TOOLS_UNSORTED)
    register_menu("Keep-alive/Report on a connection (PDF)", guarded(ask_for_stream), MENU_TOOLS_UNSORTED)
    register_menu("Keep-alive/About and check", guarded(about), MENU_TOOLS_UNSORTED)
    -- Since Wireshark 4.2.
    if register_packet_menu then
        register_packet_menu("Report on this connection (PDF)", guarded(function(...) report_on(stream_of(...)) end), "tcp.stream")
    end
end

return menus
