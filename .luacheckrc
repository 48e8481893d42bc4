-- Names that each Lua file may use. Wireshark brings its own Lua: 5.2 (to 4.2) or 5.4 (4.4 on), so only what both have.
std = "min"
max_line_length = 140

-- The adapter and the menus of the window are the only files that know Wireshark.
files["lua/keepalive.lua"] = {
    read_globals = {
        "Address", "Field", "NSTime", "Pref", "Proto", "ProtoExpert", "ProtoField", "Tvb",
        "base", "expert", "frametype", "ftypes",
        "get_version", "gui_enabled", "register_postdissector", "report_failure", "set_plugin_info",
    },
}
files["lua/keepalive_menus.lua"] = {
    read_globals = {
        "Dumper", "Field", "Listener", "TextWindow", "MENU_TOOLS_UNSORTED",
        "apply_filter", "copy_to_clipboard", "get_filter", "get_version", "new_dialog", "register_menu",
        "register_packet_menu", "report_failure", "retap_packets", "set_filter", "wtap_name_to_file_type_subtype",
    },
}

-- Run by tshark beside the plugin.
files["pyreport/capture/other_fields.lua"] = { read_globals = { "Field", "Listener" } }

-- The reader runs in LuaJIT only.
files["pyreport/capture/reader"] = { std = "luajit" }

files["tests/lua"] = { std = "min+busted" }
