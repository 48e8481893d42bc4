# How the language is written: its tag (BCP 47), and fonts that have its characters, the best first. Where the PDF needs
# a font that may be missing, it is refused with the name of the package that brings it (Debian's).
language-tag = en
fonts-text = "DejaVu Sans", "Noto Sans CJK SC", sans-serif
fonts-fixed = "DejaVu Sans Mono", "Noto Sans CJK SC", monospace
fonts-package = fonts-dejavu-core

font-needed = The PDF needs a font with the characters of its language ({ $missing } …), and this system has none: install one (Debian: { $package }), or write only --html or --json.
font-missing = No font here has { $count ->
    [one] one character of the text from outside
   *[other] { COUNT($count) } characters of the text from outside
} ({ $missing }): the PDF shows a mark in { $count ->
    [one] its place
   *[other] their places
}. A font for them is in the package { $package } (Debian).
