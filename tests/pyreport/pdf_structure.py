"""What PDF/A-3A and PDF/UA-1 ask of a file, as far as its own objects tell: read with pypdf, rule by rule.

Each rule yields what breaks it, so that a test says with an empty list that nothing does.
"""

from __future__ import annotations

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
