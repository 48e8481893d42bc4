# The user's own Wireshark: install, uninstall, doctor, open.

install-part = { $part ->
    [plugin] The plugin
   *[profile] The profile Keepalive
}
install-written = { install-part } { $version } is in { $folder }.
install-updated = { install-part } in { $folder } is now version { $version }; it was { $before }.
install-is-there = { install-part } { $version } is already in { $folder }; nothing was changed there.
install-set-aside = The file { $file } was not pyreport's. It is now { $now }, and comes back when the plugin is removed.
install-profile-changed = The profile in { $folder } is that of version { $version } with your changes: it stays as it is.
install-profile-beside = The profile in { $folder } has your changes: it stays as it is. That of version { $version } is beside it, in { $beside }: choose the one you like in Wireshark, at the lower right of the window.
install-both-profiles-changed = The profiles in { $folder } and { $beside } have your changes: both stay as they are.
install-other-copy = Another copy of the plugin is in { $folder }. Wireshark runs only one of them: remove that folder, so that it is the one in { $ours }.
install-dry-run = This was a dry run: nothing was changed.
install-next = Restart Wireshark. The profile Keepalive is at the lower right of its window; pyreport doctor checks all of it.
install-step = { $act ->
    [make-folder] make the folder { $path }
    [write] write { $path }
    [move] rename { $path } to { $target }
    [remove] remove { $path }
   *[remove-folder] remove the empty folder { $path }
}

uninstall-removed = { install-part } was removed from { $folder }.
uninstall-nothing = Nothing of pyreport is installed there.
uninstall-not-ours = What is in { $folder } was not put there by pyreport install, so it stays: remove the folder yourself if you want.
uninstall-profile-kept = The profile in { $folder } has changes of yours ({ $files }), so it stays. To remove it, delete the folder.
uninstall-file-kept = You changed the file { $file }, so it stays, as { $now }.
uninstall-brought-back = The file { $file } is back as it was before pyreport install.

open-no-window = There is no display, or no Wireshark. This command opens the capture where there is one:
open-window = Wireshark opens with stream { NUMBER($stream, useGrouping: 0) } at frame { $frame }.

doctor-state = { $state ->
    [works] ok
    [note] note
   *[trouble] TROUBLE
}
doctor-cure = Cure: { $cure }
doctor-result = { $worst ->
    [works] All of it works.
    [note] All of it works; the notes say what could be better.
   *[trouble] Something does not work: see the lines with TROUBLE.
}
doctor-pyreport = This is pyreport { $version }, with Python { $python }.
doctor-program = { $program } is version { $version }, with Lua { $lua }.
doctor-no-lua = { $program } { $version } was built without Lua: no plugin in Lua runs in it.
doctor-no-lua-cure = Install a Wireshark with Lua; those of Debian, Ubuntu, Fedora, Homebrew and wireshark.org have it.
doctor-old = { $program } is version { $version }, and the plugin needs 4.0 or later.
doctor-old-cure = Install a newer Wireshark.
doctor-no-tshark = tshark was not found.
doctor-no-tshark-cure = Install Wireshark's command line (Debian, Ubuntu: apt-get install tshark), or name the program with --tshark or PYREPORT_TSHARK.
doctor-no-wireshark = The window of Wireshark was not found; reports need only tshark.
doctor-versions-differ = tshark and Wireshark have different versions, so they may read different folders.
doctor-versions-differ-cure = Name the tshark that came with your Wireshark with --tshark, here and for pyreport install.
doctor-root = You are root, and Wireshark { $version } loads no Lua script for root, silently.
doctor-root-later = You are root. Wireshark { $version } still loads Lua scripts then, but 4.4 and later load none, silently; and the folders below are those of root.
doctor-root-cure = Run Wireshark, tshark and pyreport as an ordinary user.
doctor-variable = The variable { $name } is set ({ $value }), so Wireshark looks there.
doctor-not-installed = The plugin is not installed.
doctor-profile-alone = The profile is in { $folder }, but the plugin is not installed: its columns stay empty, and its colour rules do not work.
doctor-install-cure = Run pyreport install.
doctor-plugin = The plugin { $version } is in { $folder }.
doctor-plugin-version = The plugin in { $folder } is version { $version }, and that of this pyreport is { $ours }.
doctor-plugin-incomplete = The plugin in { $folder } lacks the files { $files }.
doctor-plugin-changed = The plugin in { $folder } has files that differ from those of this pyreport.
doctor-two-copies = The plugin is there more than once, in { $folders }. { $runs ->
    [none] Which copy runs cannot be told.
   *[other] The copy in { $runs } runs.
}
doctor-two-copies-cure = Keep one of these folders, and delete the others.
doctor-no-profile = The profile Keepalive is not installed: findings have no colours, columns and buttons.
doctor-profile = The profile { $version } is in { $folder }.
doctor-profile-version = The profile in { $folder } is that of version { $version }, and that of this pyreport is { $ours }.
doctor-profile-changed = The profile in { $folder } has changes, or is of another version.
doctor-profile-changed-cure = Nothing has to be done. For the profile as it comes, rename that folder and run pyreport install.
doctor-other-plugin = Another Lua script, { $script }, has an error: { $text }
doctor-other-plugin-cure = Wireshark says so at each start. Mend that script or take it out of the folder.
doctor-plugin-error = Wireshark could not load the plugin: { $text }
doctor-plugin-error-cure = Delete the plugin's folder and run pyreport install; if it stays, please report it.
doctor-complaint = tshark complains about the settings: { $text }
doctor-not-loaded = { $program } does not know the fields of the plugin, so it did not load it.
doctor-not-loaded-cure = If enable_lua or disable_lua is set in an init.lua of Wireshark, allow Lua there; else delete the plugin's folder and run pyreport install.
doctor-answers = The plugin { $version } runs in your tshark: it finds what it should on all { COUNT($frames) } frames with findings of the capture that comes along.
doctor-answers-differ = The plugin { $version } runs in your tshark, but on { COUNT($count) } frames of the capture that comes along it finds something else than it should, first on frame { $first }.
doctor-answers-differ-cure = Look at the plugin's preferences (Edit > Preferences > Protocols > KEEPALIVE) and at changes in its folder; pyreport install puts back the files.
doctor-answers-of-other-version = The plugin that runs in your tshark is version { $version }. On { COUNT($count) } frames of the capture that comes along it finds something else than { $ours } does.
doctor-may-capture = You may capture with Wireshark.
doctor-no-dumpcap = dumpcap was not found, so nothing can be captured here; files can be read.
doctor-may-not-capture = You may not capture with Wireshark; files can be read.
doctor-may-not-capture-cure = On Debian and Ubuntu: sudo dpkg-reconfigure wireshark-common, answer yes, then sudo usermod -aG wireshark $USER, and log in again. On macOS install ChmodBPF, which comes with Wireshark.
doctor-sandbox = The reports read captures with tshark { $version } in a sandbox (it takes { $oldest } or later).
doctor-sandbox-fails = The reports cannot read captures: { $text }
doctor-sandbox-fails-cure = Do what the message says; --tshark names another tshark.
doctor-layer = { $layer ->
    [other-user] an account of its own for tshark
    [no-network] no network for tshark
    [own-processes] no other process for tshark to see or to signal
    [limits] limits on memory, CPU time, file sizes and processes
    [files] no file for tshark but the capture and what it needs to start
    [system-calls] no system call for sockets, namespaces or other processes
   *[no-new-privileges] no way back to privileges
}
doctor-layers = The sandbox has all its layers: { $layers }.
doctor-layer-refused = This system refuses a layer of the sandbox: { doctor-layer }.
doctor-layer-refused-cure = { $layer ->
    [no-network] { -doctor-namespaces-cure }
    [own-processes] { -doctor-namespaces-cure }
    [files] The kernel needs Landlock (Linux 5.13 or later, in its list of security modules); a container may refuse it.
   *[other] A container often does that: read captures from strangers outside of it, or as an ordinary user.
}
-doctor-namespaces-cure = Allow user namespaces (sysctl user.max_user_namespaces), install bubblewrap, or read captures from strangers outside of this container.
doctor-pdf = PDFs can be written.
doctor-no-pdf = No PDF can be written: { $text }
doctor-no-pdf-cure = Install Pango (Debian, Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0). INSTALL.md has the names for other systems.
