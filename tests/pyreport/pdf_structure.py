"""What PDF/A-3A and PDF/UA-1 ask of a file, as far as its own objects tell: read with pypdf, rule by rule.

Each rule yields what breaks it, so that a test says with an empty list that nothing does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

#: What may lie directly in what (ISO 32000-1, 14.8.4.3): only the elements that have such a rule.
PARENTS = {
    "/LI": {"/L"},
    "/Lbl": {"/LI"},
    "/LBody": {"/LI"},
    "/TR": {"/Table", "/THead", "/TBody", "/TFoot"},
    "/THead": {"/Table"},
    "/TBody": {"/Table"},
    "/TH": {"/TR"},
    "/TD": {"/TR"},
}
CHILDREN = {
    "/L": {"/L", "/LI", "/Caption"},
    "/LI": {"/Lbl", "/LBody"},
    "/Table": {"/TR", "/THead", "/TBody", "/TFoot", "/Caption"},
    "/TR": {"/TH", "/TD"},
    "/THead": {"/TR"},
    "/TBody": {"/TR"},
}
SHOWS_TEXT = {b"Tj", b"TJ", b"'", b'"'}
PAINTS = {*SHOWS_TEXT, b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"sh", b"Do", b"INLINE IMAGE"}
#: What a ToUnicode map may not give (ISO 14289-1, 7.21.7).
NO_CHARACTERS = {"0000", "FEFF", "FFFE"}


def root(reader: PdfReader) -> Any:
    """The document's catalogue; pypdf's types do not say what it holds."""
    return reader.root_object


def elements(reader: PdfReader) -> Iterator[tuple[Any, str]]:
    """Every element of the structure tree with the kind of its parent, in the order of reading."""
    waiting = [(kid, "") for kid in root(reader)["/StructTreeRoot"]["/K"]]
    while waiting:
        element, parent = waiting.pop(0)
        element = element.get_object()
        if isinstance(element, dict) and element.get("/Type") == "/StructElem":
            yield element, parent
            waiting[:0] = [(kid, str(element["/S"])) for kid in element.get("/K", ())]


def kinds(reader: PdfReader) -> list[str]:
    return [str(element["/S"]) for element, _ in elements(reader)]


def misplaced(reader: PdfReader) -> Iterator[tuple[str, str]]:
    """Elements that lie in what they may not lie in, with their parent."""
    for element, parent in elements(reader):
        kind = str(element["/S"])
        if parent not in PARENTS.get(kind, {parent}) or kind not in CHILDREN.get(parent, {kind}):
            yield kind, parent


def headings(reader: PdfReader) -> Iterator[tuple[int, int]]:
    """Headings that skip a level, with the one before."""
    before = 0
    for kind in kinds(reader):
        if kind[1] == "H" and kind[2:].isdecimal():
            level = int(kind[2:])
            if level > before + 1:
                yield before, level
            before = level


def alternatives(reader: PdfReader) -> list[str]:
    """What is said in place of each figure; "" where nothing is."""
    return [str(element.get("/Alt", "")) for element, _ in elements(reader) if element["/S"] == "/Figure"]


def figures_outside(reader: PdfReader) -> Iterator[list[float]]:
    """Boxes of figures that are not on their page."""
    for element, _ in elements(reader):
        if element["/S"] == "/Figure":
            page = element["/Pg"].get_object()["/MediaBox"]
            left, bottom, right, top = (float(number) for number in element["/A"]["/BBox"])
            if not (0 <= left < right <= float(page[2]) + 0.1 and 0 <= bottom < top <= float(page[3]) + 0.1):
                yield [left, bottom, right, top]


def loose(reader: PdfReader) -> Iterator[tuple[int, str]]:
    """Text that is neither in the structure tree nor an artifact, with its page."""
    reached = {element.indirect_reference.idnum for element, _ in elements(reader)}
    numbers = root(reader)["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for page_number, page in enumerate(reader.pages, 1):
        owners = parents[page["/StructParents"]]
        for what in _loose_on(page, reader, owners, reached):
            yield page_number, what


def _loose_on(page: PageObject, reader: PdfReader, owners: Any, reached: set[int]) -> Iterator[str]:
    marks: list[str] = []
    content = page.get_contents()
    assert content is not None
    for operands, operator in ContentStream(content, reader).operations:
        if operator == b"BMC":
            marks.append(str(operands[0]))
        elif operator == b"BDC":
            mcid = operands[1].get("/MCID")
            is_owned = mcid is not None and getattr(owners[mcid], "idnum", None) in reached
            marks.append("owned" if is_owned else str(operands[0]))
        elif operator == b"EMC":
            marks.pop()
        elif operator in SHOWS_TEXT and not {"owned", "/Artifact"} & set(marks):
            yield str(operands[0])[:40]


def unmarked(reader: PdfReader) -> Iterator[tuple[int, bytes]]:
    """Operators that paint what is neither an artifact nor real content, with their page; and marks of one kind that
    lie in marks of the other.
    """
    for page_number, page in enumerate(reader.pages, 1):
        content, marks = page.get_contents(), list[str]()
        assert content is not None
        for operands, operator in ContentStream(content, reader).operations:
            if operator in (b"BMC", b"BDC"):
                is_real = operator == b"BDC" and "/MCID" in operands[1]
                mark = "artifact" if str(operands[0]) == "/Artifact" else "real" if is_real else ""
                if mark and {"artifact", "real"} & set(marks):
                    yield page_number, b"nested"
                marks.append(mark)
            elif operator == b"EMC":
                marks.pop()
            elif operator in PAINTS and not {"artifact", "real"} & set(marks):
                yield page_number, operator


def attribute(element: Any, name: str) -> str:
    """An attribute of an element of the tree, "" without."""
    attributes = element.get("/A")
    return "" if attributes is None else str(attributes.get_object().get(name, ""))


def heads_without_scope(reader: PdfReader) -> Iterator[str]:
    for element, _ in elements(reader):
        if element["/S"] == "/TH" and attribute(element, "/Scope") not in ("/Row", "/Column", "/Both"):
            yield attribute(element, "/Scope")


def numberings(reader: PdfReader) -> list[str]:
    """How each list is numbered, "" where it is not."""
    return [attribute(element, "/ListNumbering") for element, _ in elements(reader) if element["/S"] == "/L"]


def links_outside(reader: PdfReader) -> Iterator[str]:
    """The kinds of elements that an annotation lies in, other than a link."""
    for element, _ in elements(reader):
        kids = element.get("/K", ())
        for kid in kids if isinstance(kids, list) else [kids]:
            kid = kid.get_object()
            if isinstance(kid, dict) and kid.get("/Type") == "/OBJR" and element["/S"] != "/Link":
                yield str(element["/S"])


def fonts(reader: PdfReader) -> dict[str, Any]:
    """The fonts by name."""
    found: dict[str, Any] = {}
    for page in reader.pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            found[str(font.get_object()["/BaseFont"])] = font.get_object()
    return found


def unreadable(reader: PdfReader) -> Iterator[tuple[str, str]]:
    """Codes of text without a character of Unicode, and those of the glyph that stands for a missing one, by font."""
    maps = {name: to_unicode(font) for name, font in fonts(reader).items()}
    for page in reader.pages:
        resources: Any = page["/Resources"]
        names = {str(key): str(font.get_object()["/BaseFont"]) for key, font in resources["/Font"].items()}
        name, content = "", page.get_contents()
        assert content is not None
        for operands, operator in ContentStream(content, reader).operations:
            if operator == b"Tf":
                name = names[str(operands[0])]
            elif operator in (b"Tj", b"TJ"):
                for text in operands[0] if operator == b"TJ" else operands:
                    octets = getattr(text, "original_bytes", text)
                    for code in octets.hex(" ", 2).upper().split() if isinstance(octets, bytes) else ():
                        if code == "0000" or maps[name].get(code, "0000") in NO_CHARACTERS:
                            yield name, code


def to_unicode(font: Any) -> dict[str, str]:
    """The characters of a font's codes, as hexadecimal digits."""
    text = font["/ToUnicode"].get_data().decode("latin-1")
    pairs: dict[str, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        pairs |= dict(re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block))
    return {code.upper(): character.upper() for code, character in pairs.items()}


def links(reader: PdfReader) -> list[Any]:
    return [
        annotation.get_object()
        for page in reader.pages
        for annotation in page.get("/Annots", ())
        if annotation.get_object()["/Subtype"] == "/Link"
    ]


def fonts_not_embedded(reader: PdfReader) -> Iterator[str]:
    for page in reader.pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            font = font.get_object()
            for part in font.get("/DescendantFonts", [font]):
                descriptor = part.get_object()["/FontDescriptor"]
                if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor):
                    yield str(font["/BaseFont"])


def declared(reader: PdfReader) -> str:
    """The metadata (XMP) as text."""
    return str(root(reader)["/Metadata"].get_data().decode())
