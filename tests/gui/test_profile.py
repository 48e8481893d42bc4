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
from tests.gui.profile_files import PROFILE, Button, ColourRule, buttons, colour_rules, columns, preferences
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


def frame_colours(path: Path) -> list[tuple[Rgb, Rgb]]:
    """Background and foreground of each frame, in order."""
    psml = run_tshark(["-C", "Keepalive", "-2", "-r", str(path), "--color", "-T", "psml"])
    found = re.findall(r"<packet foreground='#(\w{6})' background='#(\w{6})'>", psml)
    assert len(found) == psml.count("<packet"), "a frame without a colour"
    return [(_rgb(background), _rgb(foreground)) for foreground, background in found]


def _rgb(digits: str) -> Rgb:
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def rule_names(path: Path, frames: list[int]) -> dict[int, str]:
    """The colour rule of some frames, by frame number; rules that share their colours are named by the first."""
    first_of: dict[tuple[Rgb, Rgb], str] = {}
    for rule in RULES:
        first_of.setdefault((rule.background, rule.foreground), rule.name)
    colours = frame_colours(path)
    return {frame: first_of[colours[frame - 1]] for frame in frames}


def frames_with(path: Path, display_filter: str) -> list[int]:
    """Numbers of the frames that a display filter lets through."""
    arguments = ["-C", "Keepalive", "-2", "-r", str(path), "-Y", display_filter, "-T", "fields", "-e", "frame.number"]
    return [int(line) for line in run_tshark(arguments).split()]


def test_the_profile_holds_changed_keys_only() -> None:
    """No `recent`, no geometry, no path: nothing that belongs to one machine."""
    assert sorted(path.name for path in PROFILE.iterdir()) == ["colorfilters", "dfilter_buttons", "preferences"]
    assert set(preferences()) == {"gui.column.format", "tcp.analyze_sequence_numbers", "tcp.calculate_timestamps"}
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


def test_the_columns_show_what_the_plugin_finds() -> None:
    """Time of day, delta in the connection, finding and frame link, each from a field that exists."""
    layouts = columns()
    assert list(layouts.values()) == [
        "%m",
        "%At",
        "%Cus:tcp.time_delta:1:R",
        "%s",
        "%d",
        "%Cus:tcp.stream:1:R",
        "%Cus:keepalive.finding:0:R",
        "%Cus:keepalive.related:0:R",
        "%Cus:keepalive.summary:1:R",
        "%i",
    ]
    ours = {layout.split(":")[1] for layout in layouts.values() if ":keepalive." in layout}
    assert ours <= plugin_fields().keys()


def test_the_columns_of_one_frame(capture: tuple[Path, dict[int, str]]) -> None:
    """The RST that a post-FIN write draws, as the packet list shows it."""
    path, rules = capture
    stream = every_class.STORIES.index(every_class.write_on_closed)
    (frame,) = frames_with(path, f"keepalive.post_fin_reset && tcp.stream == {stream}")
    (write,) = frames_with(path, f"keepalive.post_fin_write && tcp.stream == {stream}")
    (fin,) = frames_with(path, f"keepalive.fin && tcp.stream == {stream}")
    assert rules[frame] == every_class.CLOSING_RESET
    listed = run_tshark(["-C", "Keepalive", "-2", "-r", str(path), "-Y", f"frame.number == {frame}", "-T", "tabs"])
    shown = [text.strip() for text in listed.strip().split("\t")]
    number, time, delta, source, _, destination, shown_stream, finding, links, summary, info = shown
    assert (number, time, delta) == (str(frame), "22:13:24.409000", "0.001000000")
    assert (source, destination) == (str(every_class.SERVER_IP), str(every_class.CLIENT_IP))
    assert (shown_stream, finding) == (str(stream), "post_fin_reset")
    assert set(links.split(",")) == {str(write), str(fin)}
    assert f"FIN {fin}" in summary and "[RST]" in info


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
def test_every_colour_rule_compiles(rule: ColourRule, capture: tuple[Path, dict[int, str]]) -> None:
    """The filter works by itself; those for findings also let a frame through."""
    path, _ = capture
    frames = frames_with(path, rule.filter)
    assert frames or "keepalive." not in rule.filter


@pytest.mark.parametrize("button", BUTTONS, ids=[button.label for button in BUTTONS])
def test_every_button_works(button: Button, capture: tuple[Path, dict[int, str]]) -> None:
    """Each button is in a group, has a tooltip, and lets some frames through but not all."""
    path, rules = capture
    assert re.fullmatch(r"[\w -]+//[\w -]+", button.label)
    assert button.tooltip
    assert 0 < len(frames_with(path, button.filter)) < len(rules)


def test_the_buttons_together_reach_every_finding() -> None:
    """Also without the button for all findings."""
    narrow = " ".join(button.filter for button in BUTTONS if button.filter != "keepalive.finding")
    assert [name for name in FINDING_IDS if not re.search(rf"keepalive\.{name}\b", narrow)] == []


def test_hiding_healthy_probes_hides_nothing_else(capture: tuple[Path, dict[int, str]]) -> None:
    """A late probe, and one that follows an unanswered one, stay."""
    path, rules = capture
    (button,) = [button for button in BUTTONS if button.label.endswith("Hide healthy probes")]
    hidden = rules.keys() - set(frames_with(path, button.filter))
    assert hidden == {frame for frame, rule in rules.items() if rule in (every_class.PROBE, every_class.ANSWER)}


def test_every_finding_has_a_colour_in_the_catalogues_order() -> None:
    """The worst first, so that the colour of a row is that of the first word in its finding column."""
    filters = " ".join(rule.filter for rule in RULES)
    mentioned = dict.fromkeys(re.findall(r"keepalive\.(\w+)", filters.replace("keepalive.level", "")))
    assert list(mentioned) == FINDING_IDS


def test_our_rules_stand_above_wireshark_s_own_marks() -> None:
    """Wireshark's analysis flags probes of its own, and would paint over ours."""
    ours = [index for index, rule in enumerate(RULES) if "keepalive." in rule.filter]
    assert ours == list(range(len(ours)))
    assert any("tcp.analysis" in rule.filter for rule in RULES[len(ours) :])


def test_every_frame_gets_the_colour_of_its_class(capture: tuple[Path, dict[int, str]]) -> None:
    """All stories at once, with their near twins."""
    path, rules = capture
    by_name = {rule.name: (rule.background, rule.foreground) for rule in RULES}
    wanted = {frame: by_name[rule] for frame, rule in rules.items()}
    got = dict(enumerate(frame_colours(path), start=1))
    assert {frame: (rules[frame], got[frame]) for frame in wanted if got[frame] != wanted[frame]} == {}
    assert len(got) == len(wanted)
    assert {rule.name for rule in RULES if "keepalive." in rule.filter} <= set(rules.values()), "a class has no frame"


def test_the_colours_of_the_article() -> None:
    """Its probes and answers are healthy, the FIN and the RST stand out, and nothing is painted as missed."""
    (reset,) = frames_with(ARTICLE, "keepalive.post_fin_reset && tcp.port == 38742")
    (probe,) = frames_with(ARTICLE, "keepalive.post_fin_probe && tcp.port == 38742")
    expected = {
        476: every_class.PROBE,
        477: every_class.ANSWER,
        898: every_class.PROBE,
        899: every_class.ANSWER,
        940: every_class.FIRST_FIN,
        941: every_class.AFTER_PEER_FIN,
        probe: every_class.AFTER_PEER_FIN,
        reset: every_class.CLOSING_RESET,
    }
    assert rule_names(ARTICLE, list(expected)) == expected


def test_the_colours_of_the_article_as_told() -> None:
    """Here an interval is missed, and the row that ends the gap is painted so."""
    missed = frames_with(ARTICLE_AS_TOLD, "keepalive.missed")
    assert missed
    assert set(rule_names(ARTICLE_AS_TOLD, missed).values()) == {every_class.MISSED}
