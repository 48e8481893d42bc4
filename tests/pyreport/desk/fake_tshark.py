"""A stand-in for the user's own tshark, which says what a test wants it to say."""

from __future__ import annotations

from pathlib import Path

from tests.support.programs import write_program


def write_tshark(
    folder: Path,
    *,
    version: str = "4.4.2",
    lua: str = "with Lua 5.4.6",
    folders: str = "",
    plugins: str = "",
    rows: str = "",
    stderr: str = "",
    status: int = 0,
) -> Path:
    """Write it as ``tshark`` into a folder: what it prints for -v, -G folders, -G plugins, and of a capture."""
    for name, text in {"folders": folders, "plugins": plugins, "rows": rows, "stderr": stderr}.items():
        (folder / f"said-{name}").write_text(text, encoding="utf-8")
    return write_program(
        folder / "tshark",
        f"""case "$*" in
-v) echo "TShark (Wireshark) {version}."; echo "Compiled with zlib 1.2, {lua}, with brotli";;
"-G folders") cat "{folder}/said-folders";;
"-G plugins") cat "{folder}/said-plugins";;
*) cat "{folder}/said-rows"; cat "{folder}/said-stderr" >&2; exit {status};;
esac""",
    )


def folders_said(home: Path) -> str:
    """What -G folders prints for a home with the folders of tests.pyreport.desk.homes.folders_in()."""
    return (
        f"Personal configuration:\t{home}/.config/wireshark\nGlobal configuration:\t{home}/usr/share/wireshark\n"
        f"Personal Lua Plugins:\t{home}/.local/lib/wireshark/plugins\n"
        f"Global Lua Plugins:\t{home}/usr/lib/wireshark/plugins\n"
    )
