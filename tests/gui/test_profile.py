"""The Wireshark profile under tshark: every file is accepted, and every class of finding gets its colour.

`run_tshark` fails on any line on stderr, which is where tshark complains about an unknown preference and about a colour
rule that does not compile.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.gui import every_class
from tests.gui.colour_vision import Rgb
from tests.gui.profile_files import (
    PROFILE,
    Button,
    ColourRule,
    buttons,
    colour_rules,
    columns,
    filters,
    hidden_columns,
    preferences,
    recent_widths,
)
from tests.support.plugin import PLUGIN, REPOSITORY, plugin_fields, run_tshark

CATALOGUE = (PLUGIN.parent / "keepalive_catalogue.lua").read_text(encoding="utf-8")
FINDING_IDS = re.findall(r'^        id = "(\w+)"', CATALOGUE, re.MULTILINE)
RULES = colour_rules()
BUTTONS = buttons()
ARTICLE = REPOSITORY / "tests" / "scenarios" / "article" / "article.pcap"
ARTICLE_AS_TOLD = REPOSITORY / "tests" / "scenarios" / "article_as_told" / "article_as_told.pcap"


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[int, str]]:
    """A capture with every class of finding, and the colour rule that each of its frames must get."""
    path = tmp_path_factory.mktemp("gui") / "every_class.pcap"
    return path, every_class.write_every_class(path)


def frame_colours(path: Path) -> list[tuple[Rgb, Rgb] | None]:
    """Background and foreground of each frame, in order; None for one that no rule paints."""
    psml = run_tshark(["-C", "Keepalive", "-2", "-r", str(path), "--color", "-T", "psml"])
    found = re.findall(r"<packet(?: foreground='#(\w{6})' background='#(\w{6})')?>", psml)
    assert len(found) == psml.count("<packet"), "a frame that was not understood"
    return [(_rgb(background), _rgb(foreground)) if background else None for foreground, background in found]


def _rgb(digits: str) -> Rgb:
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def rule_names(path: Path, frames: list[int]) -> dict[int, str]:
    """The colour rule of some frames, by frame number."""
    names: dict[tuple[Rgb, Rgb] | None, str] = {(rule.background, rule.foreground): rule.name for rule in RULES}
    names[None] = every_class.NONE
    colours = frame_colours(path)
    return {frame: names[colours[frame - 1]] for frame in frames}


def frames_with(path: Path, display_filter: str) -> list[int]:
    """Numbers of the frames that a display filter lets through."""
    arguments = ["-C", "Keepalive", "-2", "-r", str(path), "-Y", display_filter, "-T", "fields", "-e", "frame.number"]
    return [int(line) for line in run_tshark(arguments).split()]


def test_the_profile_holds_changed_keys_only() -> None:
    """Of `recent` only the widths, no geometry, no path: nothing that belongs to one machine."""
    assert sorted(path.name for path in PROFILE.iterdir()) == [
        "colorfilters", "dfilter_buttons", "io_graphs", "preferences", "profile_settings", "recent",
    ]  # fmt: skip
    assert set(preferences()) == {
        "gui.column.format", "gui.column.hidden", "tcp.analyze_sequence_numbers", "tcp.calculate_timestamps",
    }  # fmt: skip
    assert recent_widths()
    for path in PROFILE.iterdir():
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# "), f"{path} does not say what it is for"
        assert not re.search(r'["\s](/\w|~/|[A-Z]:\\)', text), f"{path} names a folder"


def test_tshark_knows_and_takes_every_preference() -> None:
    """What tshark says it uses is what the profile sets."""
    current = run_tshark(["-G", "currentprefs", "-C", "Keepalive"])
    for key, value in preferences().items():
        match = re.search(rf"^#?{re.escape(key)}:((?:.|\n\t|\n#\t)*)$", current, re.MULTILINE)
        assert match, key
        assert re.sub(r"\n#?\t", " ", match[1]).strip() == value


def shown_columns() -> dict[str, str]:
    """Format of the columns that are seen without asking, by title."""
    return {title: layout for title, layout in columns() if layout not in hidden_columns()}


def test_the_columns_show_what_the_plugin_finds() -> None:
    """Who sends to whom, what was found and what it is; the rest on demand. Each field exists."""
    assert [layout for _, layout in columns() if layout not in hidden_columns()] == [
        "%m", "%At", "%s", "%uS", "%d", "%uD", "%p", "%Cus:keepalive.headline:1:R", "%i",
    ]  # fmt: skip
    assert hidden_columns() == {
        "%Cus:tcp.time_delta:1:R", "%Cus:tcp.stream:1:R", "%Cus:keepalive.related:0:R",
        "%Cus:keepalive.state.src:1:R", "%Cus:keepalive.state.dst:1:R",
    }  # fmt: skip
    assert hidden_columns() < {layout for _, layout in columns()}
    ours = {layout.split(":")[1] for _, layout in columns() if ":keepalive." in layout}
    assert ours <= plugin_fields().keys()


def test_every_column_has_a_width_at_its_place() -> None:
    """Wireshark 4.0 finds a width by the column's name, without occurrence and alignment; later ones by its place."""
    names = [":".join(layout.split(":")[:2]) for _, layout in columns()]
    assert list(recent_widths()) == names


# A character of Wireshark's usual font on Linux, and what a column needs besides.
CHARACTER, MARGIN = 8, 4
# Of a window, without the overview and the scroll bar.
SCREENS = {1280: 1229, 1600: 1549}


@pytest.mark.parametrize("screen", SCREENS)
def test_all_that_is_shown_is_in_sight(screen: int) -> None:
    """Up to the Info column, of which at least the ports and the flags are."""
    widths = recent_widths()
    before_info = sum(widths[":".join(layout.split(":")[:2])] for layout in shown_columns().values() if layout != "%i")
    assert SCREENS[screen] - before_info >= CHARACTER * len("9092 → 38742 [FIN, A")


def test_the_time_of_day_is_whole_at_nanoseconds() -> None:
    assert recent_widths()["%At"] >= CHARACTER * len("23:59:59.123456789") + MARGIN


@pytest.mark.parametrize("capture", [ARTICLE, ARTICLE_AS_TOLD], ids=["article", "as told"])
def test_no_sentence_of_the_article_is_cut(capture: Path) -> None:
    arguments = ["-2", "-r", str(capture), "-Y", "keepalive.finding", "-T", "fields", "-E", "occurrence=f"]
    shown = run_tshark([*arguments, "-e", "keepalive.headline"]).splitlines()
    sentences = [headline.split("; ")[0] for headline in shown]
    room = (recent_widths()["%Cus:keepalive.headline"] - MARGIN) // CHARACTER
    assert sentences
    assert [sentence for sentence in sentences if len(sentence) > room] == []


def test_the_columns_of_one_frame(capture: tuple[Path, dict[int, str]]) -> None:
    """The RST that a post-FIN write draws, as the packet list shows it."""
    path, rules = capture
    stream = every_class.STORIES.index(every_class.write_on_closed)
    (frame,) = frames_with(path, f"keepalive.post_fin_reset && tcp.stream == {stream}")
    (write,) = frames_with(path, f"keepalive.post_fin_write && tcp.stream == {stream}")
    (fin,) = frames_with(path, f"keepalive.fin && tcp.stream == {stream}")
    assert rules[frame] == every_class.CLOSING_RESET
    listed = run_tshark(["-C", "Keepalive", "-2", "-r", str(path), "-Y", f"frame.number == {frame}", "-T", "tabs"])
    titles = [title for title, layout in columns() if layout not in hidden_columns()]
    shown = [text.strip() for text in listed.strip().split("\t")]
    assert len(shown) == len(titles)
    number, time, source, port, destination, peer_port, protocol, finding, info = shown
    assert (number, time, protocol) == (str(frame), "22:13:24.409000", "TCP")
    assert (source, destination) == (str(every_class.SERVER_IP), str(every_class.CLIENT_IP))
    assert (port, peer_port) == (str(every_class.DISCARD_PORT), str(40_000 + stream))
    assert finding == f"RST for the write in frame {write}, 3.002 s after FIN {fin}"
    assert "[RST]" in info
    assert info.endswith(f"{{{finding}}}")


def test_numbers_and_ports_are_whole() -> None:
    """A frame's number of six digits, with Wireshark's mark of a connection, which is as wide as a row is high."""
    widths = recent_widths()
    assert widths["%m"] >= CHARACTER * len("999999") + 17
    assert min(widths["%uS"], widths["%uD"]) >= CHARACTER * len("65535") + MARGIN


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
def test_every_colour_rule_compiles(rule: ColourRule, capture: tuple[Path, dict[int, str]]) -> None:
    """The filter works by itself, and lets a frame through."""
    path, _ = capture
    frames = frames_with(path, rule.filter)
    assert frames


@pytest.mark.parametrize(("place", "display_filter"), filters().items(), ids=list(filters()))
def test_every_filter_compiles(place: str, display_filter: str, capture: tuple[Path, dict[int, str]]) -> None:
    """In this tshark; the matrix asks the others."""
    path, rules = capture
    assert len(frames_with(path, display_filter)) <= len(rules), place


def is_about_the_selected_frame(button: Button) -> bool:
    """Whether its filter asks for values of the selected frame, which tshark has none of."""
    return "${" in button.filter


@pytest.mark.parametrize("button", BUTTONS, ids=[button.label for button in BUTTONS])
def test_every_button_works(button: Button, capture: tuple[Path, dict[int, str]]) -> None:
    """Each has a tooltip, and lets some frames through but not all; those of one frame are tried in the window."""
    path, rules = capture
    assert re.fullmatch(r"[\w -]+\??(//[\w -]+)?", button.label)
    assert button.tooltip
    if not is_about_the_selected_frame(button):
        assert 0 < len(frames_with(path, button.filter)) < len(rules)


def button_called(label: str) -> Button:
    """The button with this label."""
    (button,) = [button for button in BUTTONS if button.label == label]
    return button


def test_the_first_buttons_are_the_operators_questions() -> None:
    assert [button.label for button in BUTTONS if "//" not in button.label] == [
        "Trouble", "This connection", "This episode", "Who closed?",
    ]  # fmt: skip


def test_trouble_shows_what_went_wrong_and_the_frames_that_it_links_to() -> None:
    """Of 1,581 frames, the FIN, the probe after it and the RST."""
    fin, probe, reset = frames_with(ARTICLE, button_called("Trouble").filter)
    assert frames_with(ARTICLE, 'keepalive.level in {"Warn", "Error"}') == [reset]
    assert frames_with(ARTICLE, f"frame.number == {fin} && keepalive.fin") == [fin]
    assert frames_with(ARTICLE, f"frame.number == {probe} && keepalive.post_fin_probe") == [probe]


def test_the_buttons_together_reach_every_finding() -> None:
    """Also without the buttons for all findings."""
    narrow = " ".join(button.filter for button in BUTTONS if not button.label.startswith("All//"))
    assert [name for name in FINDING_IDS if not re.search(rf"keepalive\.{name}\b", narrow)] == []


def test_all_findings_but_healthy_probes(capture: tuple[Path, dict[int, str]]) -> None:
    """A late probe, and one that follows an unanswered one, stay; ordinary traffic is not shown."""
    path, rules = capture
    shown = set(frames_with(path, button_called("All//Findings but healthy probes").filter))
    quiet = (every_class.PROBE, every_class.ANSWER, every_class.NONE)
    assert shown == {frame for frame, rule in rules.items() if rule not in quiet}


def test_every_finding_has_a_colour() -> None:
    """The worst finding of a frame decides, whichever it is."""
    mentioned = re.findall(r'"(\w+)"', " ".join(rule.filter for rule in RULES))
    assert set(FINDING_IDS) == set(mentioned) - {"Warn", "Error"}


def test_only_frames_with_a_finding_are_painted() -> None:
    assert [rule.name for rule in RULES if not rule.filter.startswith("keepalive.worst ")] == []


def test_every_frame_gets_the_colour_of_its_class(capture: tuple[Path, dict[int, str]]) -> None:
    """All stories at once, with their near twins."""
    path, rules = capture
    got = rule_names(path, list(rules))
    assert {frame: (rule, got[frame]) for frame, rule in rules.items() if got[frame] != rule} == {}
    assert {rule.name for rule in RULES} == set(rules.values()) - {every_class.NONE}, "a class has no frame"


def test_a_close_after_a_long_silence_stands_out(tmp_path: Path) -> None:
    """Also when nobody lost anything by it; its near twin is a close right after an answer."""
    path = tmp_path / "closes.pcap"
    rules = every_class.write_every_class(path, [every_class.closed_after_a_minute, every_class.closed_at_once])
    assert {every_class.TURNING_FIN, every_class.EVERYDAY} < set(rules.values())
    assert rule_names(path, list(rules)) == rules


def test_the_colours_of_the_article() -> None:
    """Its probes and answers are healthy, the FIN and the RST stand out, and nothing is painted as missed."""
    (reset,) = frames_with(ARTICLE, "keepalive.post_fin_reset && tcp.port == 38742")
    (probe,) = frames_with(ARTICLE, "keepalive.post_fin_probe && tcp.port == 38742")
    expected = {
        476: every_class.PROBE,
        477: every_class.ANSWER,
        898: every_class.PROBE,
        899: every_class.ANSWER,
        940: every_class.TURNING_FIN,
        941: every_class.FIN_ACKED,
        probe: every_class.EVERYDAY,
        reset: every_class.CLOSING_RESET,
    }
    assert rule_names(ARTICLE, list(expected)) == expected


def test_the_colours_of_the_article_as_told() -> None:
    """Here an interval is missed, and the row that ends the gap is painted so."""
    missed = frames_with(ARTICLE_AS_TOLD, "keepalive.missed")
    assert missed
    assert set(rule_names(ARTICLE_AS_TOLD, missed).values()) == {every_class.MISSED}
