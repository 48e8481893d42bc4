"""Claims and messages belong together, and nothing is said elsewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

import pyreport
from pyreport.base.claim import Name
from pyreport.diagnosis.result import ExplanationId
from pyreport.knowledge.known_timers import known_timers
from pyreport.words import LANGUAGES, Words

PACKAGE = Path(pyreport.__file__).parent
SOURCES = {path.relative_to(PACKAGE): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
TREES = {path: ast.parse(text) for path, text in SOURCES.items()}
TEMPLATES = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.html"))

# Messages of a closed vocabulary or of a row of a table: the rest of the identifier is a member's value, a row's id or
# a number.
FAMILIES = (
    *("number-", "duration-", "set-", "party-"),
    *("explanation-", "refute-", "strength-", "weakened-"),
    *("role-", "errno-", "kernel-"),
    *("subject-", "standing-", "status-", "confidence-", "share-"),
    *("mark-", "span-", "filter-finding-", "level-"),
    *("advice-", "ask-", "setting-", "unverified-", "log-proves-"),
    *("name-", "comment-"),
)
# Forms of counts, which each language has its own of.
PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})
# What others say (formats of logs) and what the command line says.
SPEAKING = ("logs", "cli", "words")
# Four words in a row are a sentence; three may be a name.
SENTENCE = re.compile(r"(?:[A-Za-z’'“”,;:-]+ +){3,}[A-Za-z’'“”-]+")
ERRORS = (
    *("InputError", "ToolError", "UsageError", "RefusedResourceError"),
    *("ValueError", "LookupError", "AssertionError"),
)


class _Variables(Visitor):
    """The variables and the other messages that a pattern names."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.messages: set[str] = set()
        self.choices: dict[str, set[str]] = {}

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802 - the visitor's way
        self.variables.add(node.id.name)

    def visit_MessageReference(self, node: ftl.MessageReference) -> None:  # noqa: N802
        self.messages.add(node.id.name)

    def visit_SelectExpression(self, node: ftl.SelectExpression) -> None:  # noqa: N802
        if isinstance(node.selector, ftl.VariableReference):
            members = {v.key.name for v in node.variants if isinstance(v.key, ftl.Identifier)} - PLURALS
            self.choices.setdefault(node.selector.id.name, set()).update(members)
        self.generic_visit(node)


def messages(language: str) -> dict[str, _Variables]:
    """The messages of a language, each with what it names."""
    found: dict[str, _Variables] = {}
    for path in (PACKAGE / "words" / language).glob("*.ftl"):
        resource = FluentParser().parse(path.read_text(encoding="utf-8"))
        for entry in resource.body:
            assert not isinstance(entry, ftl.Junk), f"{path.name}: {entry.content}"
            if isinstance(entry, ftl.Message):
                assert entry.id.name not in found, f"{entry.id.name} stands twice"
                names = _Variables()
                names.visit(entry)
                found[entry.id.name] = names
    return found


MESSAGES = messages("en")


def variables(identifier: str, among: dict[str, _Variables] = MESSAGES) -> set[str]:
    """The arguments of a message, with those of the messages that it is made of."""
    names = among[identifier]
    return names.variables.union(*(variables(other, among) for other in names.messages if other in among))


def literals(node: ast.expr) -> Iterator[str]:
    """The texts that an expression can be, when it is a literal or a choice of literals."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def calls() -> Iterator[tuple[str, str, set[str] | None]]:
    """Each claim(...) and label(...): where, the identifier, the arguments (None when some are given as **values)."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in ("claim", "label"):
                given = [keyword.arg for keyword in node.keywords]
                for identifier in literals(node.args[0]):
                    yield (
                        f"{path}:{node.lineno}",
                        identifier,
                        None if None in given else {arg for arg in given if arg is not None},
                    )


def labels_of_templates() -> Iterator[tuple[str, str, set[str]]]:
    """Each label('...') of a page: where, the identifier or the beginning of it, the arguments."""
    for found in re.finditer(r"""\blabel\('([\w-]+)'((?:[^()]|\([^()]*\))*)\)""", TEMPLATES):
        yield found[0], found[1], set(re.findall(r"[(,]\s*(\w+)=", found[2]))


def test_every_claim_has_its_message_with_just_its_arguments() -> None:
    wrong = []
    for where, identifier, given in calls():
        if identifier not in MESSAGES:
            wrong.append(f"{where}: no message {identifier}")
        elif given is not None and given != variables(identifier):
            wrong.append(f"{where}: {identifier} wants {sorted(variables(identifier))}, gets {sorted(given)}")
    for where, identifier, given in labels_of_templates():
        if identifier not in MESSAGES:
            assert identifier.endswith("-"), f"{where}: no message"
        elif given != variables(identifier):
            wrong.append(f"{where}: {identifier} wants {sorted(variables(identifier))}")
    assert wrong == []


def test_every_message_is_used() -> None:
    named = {text.value for tree in TREES.values() for text in ast.walk(tree) if isinstance(text, ast.Constant)}
    named |= {other for names in MESSAGES.values() for other in names.messages}
    named |= set(re.findall(r"""["']([a-z][\w-]*)["']""", TEMPLATES))
    assert [name for name in MESSAGES if name not in named and not name.startswith(FAMILIES)] == []


OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_messages_of_english_and_no_others(language: str) -> None:
    theirs, ours = (
        {name for name in names if not name.startswith("number-")} for names in (messages(language), MESSAGES)
    )
    lacking, superfluous = sorted(ours - theirs), sorted(theirs - ours)
    assert lacking == [], f"words/{language} lacks {len(lacking)} messages of words/en: {', '.join(lacking)}"
    assert superfluous == [], f"words/{language} has messages that words/en has not: {', '.join(superfluous)}"


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_has_the_arguments_of_the_english_one(language: str) -> None:
    theirs = messages(language)
    wrong = [
        f"{name}: words/{language} has {sorted(variables(name, theirs))}, words/en {sorted(variables(name))}"
        for name in MESSAGES
        if name in theirs and variables(name, theirs) != variables(name)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_choice_knows_the_members_that_the_english_one_knows(language: str) -> None:
    """Counts aside, whose forms differ by language: a member that is left out would be told as the default."""
    theirs = messages(language)
    wrong = [
        f"{name}: words/{language} leaves out {sorted(left_out)} of ${argument}"
        for name in MESSAGES
        if name in theirs
        for argument, members in MESSAGES[name].choices.items()
        if (left_out := members - theirs[name].choices.get(argument, members))
    ]
    assert wrong == []


def test_every_name_in_words_is_one_of_the_tables() -> None:
    names = {Name(name) for timer in known_timers() for name in (timer.who, timer.setting)}
    names |= {Name(f"Go net.OpError in {client}") for client in ("Sarama", "kafka-go", "franz-go")}
    names |= {Name("MySQL client")}
    english = Words()
    assert {english.tell(name) for name in names} == names
    told = {name for name in names if Words("zh").tell(name) != name}
    spoken = [identifier for identifier in MESSAGES if identifier.startswith("name-")]
    assert len(spoken) == len(told), "a message of no name, or a name without a message"


def is_code(text: str) -> bool:
    """Whether a text is a program for another Python."""
    try:
        return any(isinstance(node, ast.Import) for node in ast.parse(text).body)
    except (SyntaxError, ValueError):  # Python 3.11.2: of a NUL
        return False


def sentences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Texts of four words or more that are neither documentation nor the message of an error."""
    left_out: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False):
            left_out.add(id(node.body[0].value))  # type: ignore[attr-defined]
        is_error = isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS
        is_pattern = isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.")
        if is_error or is_pattern or isinstance(node, ast.Assert):
            left_out |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            if is_code(node.value):
                continue
            yield from ((node.lineno, found) for found in SENTENCE.findall(node.value))


@pytest.mark.parametrize("path", [p for p in TREES if p.parts[0] not in SPEAKING], ids=str)
def test_no_sentence_stands_outside_of_words(path: Path) -> None:
    """The command line may help and complain; reports, comparisons and tables say what words/ says."""
    if path.name == "complaints.py":  # what an error message says, put together from several parts
        return
    assert list(sentences(TREES[path])) == []


def test_only_the_last_stages_speak() -> None:
    speakers = {path.parts[0] for path, text in SOURCES.items() if "pyreport.words" in text} - {"base"}
    assert speakers <= {"words", "narrative", "export", "render", "cli"}


@pytest.mark.parametrize("family", ["explanation-", "refute-"])
def test_each_explanation_has_its_messages_and_no_other_has(family: str) -> None:
    assert {name for name in MESSAGES if name.startswith(family)} == {family + member for member in ExplanationId}
