# 用户自己的 Wireshark：install、uninstall、doctor、open。

install-part = { $part ->
    [plugin] 插件
   *[profile] 配置文件 Keepalive
}
install-written = { install-part } { $version } 已安装到 { $folder }。
install-updated = { $folder } 中的{ install-part }已从 { $before } 更新到 { $version }。
install-is-there = { install-part } { $version } 已在 { $folder } 中，未作改动。
install-set-aside = 文件 { $file } 不是 pyreport 写入的，已改名为 { $now }，卸载插件时会恢复原名。
install-profile-changed = { $folder } 中的配置文件是 { $version } 版并带有用户的改动，保持不变。
install-profile-beside = { $folder } 中的配置文件带有用户的改动，保持不变。{ $version } 版放在旁边的 { $beside } 中：请在 Wireshark 窗口右下角选用。
install-both-profiles-changed = { $folder } 和 { $beside } 中的配置文件都带有用户的改动，均保持不变。
install-other-copy = { $folder } 中还有一份插件。Wireshark 只运行其中一份：请删除该文件夹，使 { $ours } 中的那份运行。
install-dry-run = 这是试运行：没有任何改动。
install-next = 请重新启动 Wireshark。配置文件 Keepalive 可在窗口右下角选用；pyreport doctor 可检查全部安装。
install-step = { $act ->
    [make-folder] 新建文件夹 { $path }
    [write] 写入 { $path }
    [move] 将 { $path } 改名为 { $target }
    [remove] 删除 { $path }
   *[remove-folder] 删除空文件夹 { $path }
}

uninstall-removed = { install-part }已从 { $folder } 删除。
uninstall-nothing = 那里没有安装 pyreport 的任何文件。
uninstall-not-ours = { $folder } 中的内容不是 pyreport install 写入的，因此保留：需要时请自行删除该文件夹。
uninstall-profile-kept = { $folder } 中的配置文件带有用户的改动（{ $files }），因此保留。如要删除，请删除该文件夹。
uninstall-file-kept = 文件 { $file } 有用户的改动，因此保留，改名为 { $now }。
uninstall-brought-back = 文件 { $file } 已恢复为 pyreport install 之前的内容。

open-no-window = 没有显示环境，或者没有 Wireshark。在有显示环境的地方，可用下面的命令打开抓包：
open-window = Wireshark 将打开 TCP 流 { NUMBER($stream, useGrouping: 0) }，并定位到第 { $frame } 号报文。

doctor-state = { $state ->
    [works] 正常
    [note] 提示
   *[trouble] 故障
}
doctor-cure = 解决办法：{ $cure }
doctor-result = { $worst ->
    [works] 一切正常。
    [note] 可以正常使用；提示中列出了可以改进之处。
   *[trouble] 有不能工作的部分：见标有“故障”的各行。
}
doctor-pyreport = 这是 pyreport { $version }，运行于 Python { $python }。
doctor-program = { $program } 的版本是 { $version }，带有 Lua { $lua }。
doctor-no-lua = { $program } { $version } 编译时没有带 Lua：不能运行 Lua 插件。
doctor-no-lua-cure = 请安装带 Lua 的 Wireshark；Debian、Ubuntu、Fedora、Homebrew 和 wireshark.org 提供的版本都带有 Lua。
doctor-old = { $program } 的版本是 { $version }，而插件需要 4.0 或更高版本。
doctor-old-cure = 请安装较新的 Wireshark。
doctor-no-tshark = 没有找到 tshark。
doctor-no-tshark-cure = 请安装 Wireshark 的命令行程序（Debian、Ubuntu：apt-get install tshark），或用 --tshark 或 PYREPORT_TSHARK 指定。
doctor-no-wireshark = 没有找到 Wireshark 的窗口程序；生成报告只需要 tshark。
doctor-versions-differ = tshark 与 Wireshark 的版本不同，读取的文件夹可能也不同。
doctor-versions-differ-cure = 请用 --tshark 指定所用 Wireshark 自带的 tshark，pyreport install 也是如此。
doctor-root = 当前用户是 root，而 Wireshark { $version } 不为 root 加载 Lua 脚本，也不给出提示。
doctor-root-later = 当前用户是 root。Wireshark { $version } 仍会加载 Lua 脚本，但 4.4 及更高版本不再加载，也不给出提示；下面的文件夹都是 root 的。
doctor-root-cure = 请以普通用户身份运行 Wireshark、tshark 和 pyreport。
doctor-variable = 设置了变量 { $name }（{ $value }），因此 Wireshark 使用该位置。
doctor-not-installed = 没有安装插件。
doctor-profile-alone = 配置文件在 { $folder } 中，但没有安装插件：各列为空，着色规则无效。
doctor-install-cure = 请运行 pyreport install。
doctor-plugin = 插件 { $version } 在 { $folder } 中。
doctor-plugin-version = { $folder } 中的插件是 { $version } 版，而本 pyreport 的插件是 { $ours } 版。
doctor-plugin-incomplete = { $folder } 中的插件缺少文件 { $files }。
doctor-plugin-changed = { $folder } 中的插件有与本 pyreport 不同的文件。
doctor-two-copies = 插件有多份，位于 { $folders }。{ $runs ->
    [none] 无法得知运行的是哪一份。
   *[other] 运行的是 { $runs } 中的那份。
}
doctor-two-copies-cure = 请保留其中一个文件夹，删除其余的。
doctor-no-profile = 没有安装配置文件 Keepalive：发现没有着色、列和按钮。
doctor-profile = 配置文件 { $version } 在 { $folder } 中。
doctor-profile-version = { $folder } 中的配置文件是 { $version } 版，而本 pyreport 的配置文件是 { $ours } 版。
doctor-profile-changed = { $folder } 中的配置文件有改动，或属于其他版本。
doctor-profile-changed-cure = 不必处理。如要使用原样的配置文件，请将该文件夹改名，再运行 pyreport install。
doctor-other-plugin = 另一个 Lua 脚本 { $script } 出错：{ $text }
doctor-other-plugin-cure = Wireshark 每次启动都会提示。请修正该脚本，或将它移出该文件夹。
doctor-plugin-error = Wireshark 无法加载插件：{ $text }
doctor-plugin-error-cure = 请删除插件的文件夹，再运行 pyreport install；如果仍然出错，请报告此问题。
doctor-complaint = tshark 对设置提出警告：{ $text }
doctor-not-loaded = { $program } 不认识插件的字段，即没有加载插件。
doctor-not-loaded-cure = 如果 Wireshark 的 init.lua 中设置了 enable_lua 或 disable_lua，请在其中启用 Lua；否则请删除插件的文件夹，再运行 pyreport install。
doctor-answers = 插件 { $version } 在用户自己的 tshark 中运行：对于自带抓包中有发现的全部 { $frames } 个报文，结果都与应有的一致。
doctor-answers-differ = 插件 { $version } 在用户自己的 tshark 中运行，但在自带抓包的 { $count } 个报文上结果与应有的不同，最早是第 { $first } 号报文。
doctor-answers-differ-cure = 请检查插件的首选项（编辑 > 首选项 > Protocols > KEEPALIVE）以及其文件夹中的改动；pyreport install 可恢复各文件。
doctor-answers-of-other-version = 用户自己的 tshark 运行的插件是 { $version } 版。在自带抓包的 { $count } 个报文上，其结果与 { $ours } 版不同。
doctor-may-capture = 当前用户有权用 Wireshark 抓包。
doctor-no-dumpcap = 没有找到 dumpcap，因此不能在此抓包；可以读取文件。
doctor-may-not-capture = 当前用户无权用 Wireshark 抓包；可以读取文件。
doctor-may-not-capture-cure = 在 Debian 和 Ubuntu 上：运行 sudo dpkg-reconfigure wireshark-common 并选择“是”，再运行 sudo usermod -aG wireshark $USER，然后重新登录。在 macOS 上请安装 Wireshark 自带的 ChmodBPF。
doctor-sandbox = pyreport 在沙箱中用 tshark { $version } 读取抓包（需要 { $oldest } 或更高版本）。
doctor-sandbox-fails = pyreport 不能读取抓包：{ $text }
doctor-sandbox-fails-cure = 请按提示处理；--tshark 可指定另一个 tshark。
doctor-layer = { $layer ->
    [other-user] tshark 的专用账户
    [no-network] 禁止 tshark 使用网络
    [own-processes] 禁止 tshark 查看其他进程或向其发送信号
    [limits] 资源限制（内存、CPU 时间、文件大小、进程数）
    [files] 禁止 tshark 打开抓包与启动所需之外的文件
    [system-calls] 禁止涉及套接字、命名空间或其他进程的系统调用
   *[no-new-privileges] 禁止重新获得特权
}
doctor-layers = 沙箱的各层都已生效：{ $layers }。
doctor-layer-refused = 系统拒绝了沙箱的一层：{ doctor-layer }。
doctor-layer-refused-cure = { $layer ->
    [no-network] { -doctor-namespaces-cure }
    [own-processes] { -doctor-namespaces-cure }
    [files] 内核需要支持 Landlock（Linux 5.13 或更高版本，并且已列入启用的安全模块）；容器可能会拒绝它。
   *[other] 容器中常会如此：来源不明的抓包请在容器之外读取，或以普通用户身份读取。
}
-doctor-namespaces-cure = 请允许用户命名空间（sysctl user.max_user_namespaces），或安装 bubblewrap，或在此容器之外读取来源不明的抓包。
doctor-pdf = 可以生成 PDF。
doctor-no-pdf = 不能生成 PDF：{ $text }
doctor-no-pdf-cure = 请安装 Pango（Debian、Ubuntu：apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0）。其他系统上的名称见 INSTALL.md。
