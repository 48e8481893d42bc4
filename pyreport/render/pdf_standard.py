"""What WeasyPrint leaves open of PDF/A-3 (ISO 19005-3, level A) and PDF/UA-1 (ISO 14289-1) when a file is to be both.

WeasyPrint makes one variant at a time. PDF/A-3A asks for the same tags as PDF/UA-1, so it is the variant, and the
identifier of PDF/UA is added to its metadata.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pydyf
from lxml import etree

from pyreport.render.loader import Document, LineBox, TextBox

VARIANT = "pdf/a-3a"
#: CSS counts 96 pixels to the inch, PDF 72 points.
POINTS_A_PIXEL = 0.75
#: The identifier of PDF/UA-1.
UA_METADATA = Path(__file__).with_name("pdfua.xmp")


def declare_ua(document: Document) -> None:
    """Have the document's metadata (XMP) name PDF/UA-1 beside the variant, in the one RDF tree that XMP allows."""
    write = document.metadata.generate_rdf_metadata

    def with_ua(*arguments: Any) -> bytes:
        told = etree.fromstring(write(*arguments))
        told.extend(etree.fromstring(UA_METADATA.read_bytes()))
        return etree.tostring(told, encoding="utf-8")

    document.metadata.generate_rdf_metadata = with_ua


def finish(document: Document, pdf: pydyf.PDF) -> None:
    """Mend the tags before the file is written."""
    objects = {thing.number: thing for thing in pdf.objects}
    boxes = list(_boxes(document))
    _number_lists(boxes, pdf)
    _tell_languages(boxes, pdf)
    _name_links(boxes)
    _scope_headers(pdf, objects)
    _mark_artifacts(pdf, objects)
    _place_figures(pdf, objects)
    _make_bodies(pdf, objects)


def _mark_artifacts(pdf: pydyf.PDF, objects: dict[int, Any]) -> None:
    """Mark what is repeated on each page (header, footer) as artifacts: WeasyPrint gives it structure elements that the
    tree does not lead to, and ISO 14289-1, 7.1 allows content to be only in the tree or an artifact.
    """
    tree = objects[_number(pdf.catalog["StructTreeRoot"])]
    reached: set[int] = set()
    waiting = [_number(kid) for kid in tree["K"]]
    while waiting:
        number = waiting.pop()
        reached.add(number)
        kids = objects[number].get("K", ()) if isinstance(objects[number], dict) else ()
        waiting += [_number(kid) for kid in kids if isinstance(kid, bytes)]
    numbers = objects[_number(tree["ParentTree"])]["Nums"]
    by_page = {
        key: parents for key, parents in zip(numbers[::2], numbers[1::2], strict=True) if isinstance(parents, list)
    }
    for page in (thing for thing in pdf.objects if isinstance(thing, dict) and thing.get("Type") == "/Page"):
        parents = by_page[page["StructParents"]]
        outside = {mcid for mcid, parent in enumerate(parents) if _number(parent) not in reached}
        _make_artifacts(objects[_number(page["Contents"])], outside)
        for mcid in outside:
            parents[mcid] = "null"
    for thing in pdf.objects:
        is_element = isinstance(thing, dict) and thing.get("Type") == "/StructElem"
        if is_element and thing.number not in reached:
            thing.clear()


def _place_figures(pdf: pydyf.PDF, objects: dict[int, Any]) -> None:
    """Give the box of each figure in points from the lower left of its page (ISO 32000-1, 14.8.5.4.3); WeasyPrint 70
    writes pixels from the upper left.
    """
    for thing in pdf.objects:
        if isinstance(thing, dict) and thing.get("S") == "/Figure":
            height = objects[_number(thing["Pg"])]["MediaBox"][3]
            left, top, right, bottom = (pixels * POINTS_A_PIXEL for pixels in thing["A"]["BBox"])
            thing["A"]["BBox"] = pydyf.Array((left, height - bottom, right, height - top))


def _make_bodies(pdf: pydyf.PDF, objects: dict[int, Any]) -> None:
    """Make what is in an item of a list beside its label a body, as ISO 32000-1, 14.8.4.3.3 wants it: WeasyPrint makes
    one of an item's text, and leaves a block in it as it is.
    """
    for thing in pdf.objects:
        if isinstance(thing, dict) and thing.get("S") == "/LI":
            for kid in (objects[_number(kid)] for kid in thing["K"] if isinstance(kid, bytes)):
                if kid.get("S", "/Lbl") not in ("/Lbl", "/LBody"):
                    kid["S"] = "/LBody"


def _scope_headers(pdf: pydyf.PDF, objects: dict[int, Any]) -> None:
    """Say of each head of a table whether it is of its column or of its row (ISO 14289-1, 7.5): WeasyPrint names the
    heads of a cell, which a table that goes on on the next page has only there.
    """
    for row in pdf.objects:
        if isinstance(row, dict) and row.get("S") == "/TR":
            is_head = objects[_number(row["P"])]["S"] == "/THead"
            for cell in (objects[_number(kid)] for kid in row["K"]):
                if cell.get("S") == "/TH":
                    cell["A"]["Scope"] = "/Column" if is_head else "/Row"


def _boxes(document: Document) -> Iterator[Any]:
    """What was laid out, in the order in which WeasyPrint makes elements of it."""
    waiting = [page._page_box for page in reversed(document.pages)]
    while waiting:
        box = waiting.pop()
        box = getattr(box, "_box", box)  # what is placed absolutely
        yield box
        waiting += reversed(getattr(box, "children", ()))


def _number_lists(boxes: Iterable[Any], pdf: pydyf.PDF) -> None:
    """Say which lists are numbered (ISO 14289-1, 7.6)."""
    tags = [box.element_tag for box in boxes if box.element is not None and _makes(box, "ol", "ul", "dl")]
    lists = [thing for thing in pdf.objects if isinstance(thing, dict) and thing.get("S") == "/L"]
    for tag, element in zip(tags, lists, strict=True):
        if tag == "ol":
            element["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": "/Decimal"})


def _tell_languages(boxes: Sequence[Any], pdf: pydyf.PDF) -> None:
    """Say of which language a paragraph or a part is that has its own (ISO 14289-1, 7.2): WeasyPrint tells only that of
    the document. "" is for a language that is not known (ISO 32000-1, 14.9.2.3).
    """
    for tag, kind in (("p", "/P"), ("div", "/Div")):
        told = [box.element.get("lang") for box in boxes if box.element is not None and _makes(box, tag)]
        elements = [thing for thing in pdf.objects if isinstance(thing, dict) and thing.get("S") == kind]
        for language, element in zip(told, elements, strict=True):
            if language is not None:
                element["Lang"] = pydyf.String(language)


def _makes(box: Any, *tags: str) -> bool:
    """Whether a box makes an element of one of these tags: lines and the texts in them make none of their own."""
    return box.element_tag in tags and not isinstance(box, LineBox | TextBox)


def _name_links(boxes: Sequence[Any]) -> None:
    """Describe each link (ISO 14289-1, 7.18.5) by what it leads to; WeasyPrint gives the name of the place."""
    root = next(box.element for box in boxes if box.element is not None and box.element.tag == "html")
    names = _names_of_places(root)
    for box in boxes:
        annotation = getattr(box, "link_annotation", None)
        if annotation and "Dest" in annotation:
            place = annotation["Dest"].string
            annotation["Contents"] = pydyf.String(names.get(place) or place)


def _names_of_places(root: Any) -> dict[str, str]:
    """The heading of each place with a name, or the one before it with the first words of the place."""
    names, heading = {}, ""
    for element in root.iter():
        is_heading = element.tag in ("h1", "h2", "h3")
        own = element if is_heading else next(element.iter("h3"), None)
        heading = _text(element) if is_heading else heading
        if place := element.get("id"):
            names[place] = _text(own) if own is not None else f"{heading} {_text(next(iter(element), element))}"
    return names


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _make_artifacts(stream: pydyf.Stream, outside: set[int]) -> None:
    """Turn the marked content of these numbers into artifacts, in the operators of a page."""
    for index, operand in enumerate(stream.stream):
        if isinstance(operand, pydyf.Dictionary) and operand.get("MCID") in outside:
            stream.stream[index - 1] = "/Artifact"
            stream.stream[index] = pydyf.Dictionary({"Type": "/Pagination"})


def _number(reference: bytes) -> int:
    """The number of an object by its reference, b"12 0 R"."""
    return int(reference.split()[0])
