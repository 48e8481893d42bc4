# 本语言的写法：语言标记（BCP 47），以及含有其字符的字体，最合适的在前。PDF 所需的字体可能缺失时，
# 会拒绝生成，并说明由哪个软件包提供（Debian 的包名）。
language-tag = zh-CN
fonts-text = "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "DejaVu Sans", sans-serif
fonts-fixed = "DejaVu Sans Mono", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", monospace
fonts-package = fonts-noto-cjk

font-needed = PDF 需要含有中文字符的字体（{ $missing } 等），而本系统没有：请安装（Debian 的软件包为 { $package }），或者只用 --html、--json 输出。
font-missing = 本系统的字体中没有外来文本里的 { $count } 个字符（{ $missing }）：PDF 中以替代符号显示。含有它们的字体在软件包 { $package } 中（Debian）。
