-- Names that each Lua file may use. Wireshark brings its own Lua: 5.2 (to 4.2) or 5.4 (4.4 on), so only what both have.
std = "min"
max_line_length = 140

-- The adapter is the only file that knows Wireshark.
files["lua/keepalive.lua"] = {
    read_globals = {
        "Address", "Field", "NSTime", "Pref", "Proto", "ProtoExpert", "ProtoField", "Tvb",
        "base", "expert", "frametype", "ftypes",
        "register_postdissector", "report_failure", "set_plugin_info",
    },
}

-- The reader runs in LuaJIT only.
files["pyreport/capture/reader"] = { std = "luajit" }

files["tests/lua"] = { std = "min+busted" }
