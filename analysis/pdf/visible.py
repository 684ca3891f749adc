"""What a reader sees and a search of the text does not, and the reverse: text in the file that is not to be seen."""

import ctypes
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from analysis.pdf.open import handle, quick

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_FEW_LETTERS = 100  # a page number and a header: what a scanned page amid pages of text may well have
_PICTURE = 0.5  # share of the page that pictures cover, were it a scan; most photos are smaller
_MANY = 400  # objects of a page looked at; what covers a line is drawn last, and drawings have thousands
_WHITE = 245  # of 255: paper, to the eye
_INSIDE = 0.5  # share of a line that must lie within the clip, or under a box, to be seen or hidden
_DOTS = 1.0  # a point, where a page is drawn to see whether a line shows: small print still marks it
_FAINT = 12  # of 255: a difference that no eye sees on paper
_INK = 60  # of 255: letters on paper, even on a pale scan
_DARK = 200  # of 255: a ground on which white letters are plain to see
_CORNERS = 6  # segments of a path: a rectangle has five, and a form of more may leave its letters out
_TRUST = 3  # pages on which such text was drawn and all seen; then the others are believed
_PATH, _IMAGE = 2, 3  # FPDF_PAGEOBJ_PATH and _IMAGE
_Box = tuple[float, float, float, float]


class Unread(NamedTuple):
    """What a page shows beside its text: notes and form fields with text, files pinned to it, a picture all over it.

    `blank` is a page on which nothing is drawn.
    """

    notes: int = 0
    fields: int = 0
    pinned: int = 0
    picture: bool = False
    blank: bool = False
    texts: tuple[str, ...] = ()  # what those notes and fields say, as far as the file holds it as text
    attached: tuple[str, ...] = ()  # the names of the files that the document carries, with its first page


NOTHING_UNREAD = Unread()


def unread_on(page: object, area: float, n_letters: int) -> Unread:
    """What a page that PDFium has opened shows beside its text."""
    import pypdfium2.raw as raw

    kinds, texts = {"notes": 0, "fields": 0, "pinned": 0}, []
    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        if annotation:
            kind = _kind(annotation)
            if kind:
                kinds[kind] += 1
                texts.append(_string(annotation, b"V" if kind == "fields" else b"Contents"))
            raw.FPDFPage_CloseAnnot(annotation)
    if n_letters >= _FEW_LETTERS:
        return Unread(**kinds, texts=tuple(texts)) if any(kinds.values()) else NOTHING_UNREAD
    objects = raw.FPDFPage_CountObjects(page)
    covered = sum(_picture_area(raw.FPDFPage_GetObject(page, number)) for number in range(min(objects, _MANY)))
    return Unread(**kinds, picture=covered >= _PICTURE * area, blank=objects == 0, texts=tuple(texts))


def _kind(annotation: object) -> str:
    """What an annotation is to a reader, where it has text of its own; else nothing."""
    import pypdfium2.raw as raw

    if raw.FPDFAnnot_GetFlags(annotation) & (raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW):
        return ""
    subtype = raw.FPDFAnnot_GetSubtype(annotation)
    if subtype in (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP):
        return ""
    if subtype == raw.FPDF_ANNOT_FILEATTACHMENT:
        return "pinned"
    if subtype == raw.FPDF_ANNOT_WIDGET:
        return "fields" if _string(annotation, b"V").strip() or _draws_text(annotation) else ""
    return "notes" if _string(annotation, b"Contents").strip() or _draws_text(annotation) else ""


def _string(annotation: object, key: bytes) -> str:
    """A text in the dictionary of an annotation; the state of a box to tick is none."""
    import pypdfium2.raw as raw

    if raw.FPDFAnnot_GetValueType(annotation, key) != raw.FPDF_OBJECT_STRING:
        return ""
    size = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    buffer = (raw.FPDF_WCHAR * (size // 2 + 1))()
    raw.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    return bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", "replace")


def _draws_text(annotation: object) -> bool:
    """Whether the appearance of an annotation shows letters."""
    import pypdfium2.raw as raw

    size = raw.FPDFAnnot_GetAP(annotation, raw.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0)
    buffer = (raw.FPDF_WCHAR * (size // 2 + 1))()
    raw.FPDFAnnot_GetAP(annotation, raw.FPDF_ANNOT_APPEARANCEMODE_NORMAL, buffer, size)
    drawn = bytes(buffer).decode("utf-16-le", "replace")
    return (") Tj" in drawn or ")Tj" in drawn or "TJ" in drawn or "> Tj" in drawn) and "() Tj" not in drawn


def _picture_area(item: object) -> float:
    """The area that a picture covers, in square points; what is drawn inside a form counts too."""
    import pypdfium2.raw as raw

    kind = raw.FPDFPageObj_GetType(item)
    if kind == raw.FPDF_PAGEOBJ_FORM:
        inside = range(min(raw.FPDFFormObj_CountObjects(item), _MANY))
        held = any(
            raw.FPDFPageObj_GetType(raw.FPDFFormObj_GetObject(item, number)) == raw.FPDF_PAGEOBJ_IMAGE
            for number in inside
        )
        return _area(_bounds(item)) if held else 0.0
    return _area(_bounds(item)) if kind == raw.FPDF_PAGEOBJ_IMAGE else 0.0


def _area(box: _Box) -> float:
    return max(box[2] - box[0], 0) * max(box[3] - box[1], 0)


def _bounds(item: object) -> _Box:
    """The left, bottom, right and top of an object on its page, in the file's axes."""
    import pypdfium2.raw as raw

    edges = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(item, *map(ctypes.byref, edges))
    return tuple(edge.value for edge in edges)


def attachments(document: "PdfDocument") -> tuple[str, ...]:
    """The names of the files that a PDF carries with it."""
    import pypdfium2.raw as raw

    names = []
    for number in range(raw.FPDFDoc_GetAttachmentCount(document.raw)):
        file = raw.FPDFDoc_GetAttachment(document.raw, number)
        size = raw.FPDFAttachment_GetName(file, None, 0)
        buffer = (raw.FPDF_WCHAR * (size // 2 + 1))()
        raw.FPDFAttachment_GetName(file, buffer, size)
        names.append(bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", "replace"))
    return tuple(names)


class Mark(NamedTuple):
    """Where a line is: PDFium's index of a letter in it, and its box on the page as it is shown."""

    index: int
    box: _Box  # x0, top, x1, bottom


class PageAtHand(NamedTuple):
    """A page that PDFium has opened, with its text, and its area in square points."""

    handle: ctypes.c_void_p
    text: ctypes.c_void_p
    area: float


class HiddenText:
    """Which lines of a document no reader sees: in a layer that is off, clipped away, white on white, or covered.

    A line is only looked at where the search may name it, and drawn only where its colour, its clip, its
    layer or what lies over it gives reason to. The invisible letters behind a scan are text like any other.
    """

    def __init__(self, document: "PdfDocument") -> None:
        self.document = document
        self.trusted = Counter[str]()
        self.text_object = quick("FPDFText_GetTextObject", ctypes.c_void_p)
        self.count = quick("FPDFPage_CountObjects")
        self.get = quick("FPDFPage_GetObject", ctypes.c_void_p)
        self.type = quick("FPDFPageObj_GetType")
        self.bounds = quick("FPDFPageObj_GetBounds")
        self.edges = (ctypes.c_float * 4)()
        self.edge_refs = [ctypes.byref(self.edges, 4 * place) for place in range(4)]

    def unseen(self, page: PageAtHand, sheet: int, marks: Sequence[Mark], hits: Sequence[int]) -> set[int]:
        """The numbers of the lines that are hidden; `hits` are those that a search may name."""
        items = {self.text_object(page.text, marks[number].index) for number in hits} - {None}
        items = {item for item in items if not _is_invisible(item)}
        if not items:
            return set()
        later = self._later(page.handle, items)
        over = {other for item in items for other in self._over(item, later)}
        scans = {other for other in over if self._is_scan(other, page.area)}
        if over - scans or any(self._is_suspect(item, page.handle) for item in items):
            return self._drawn(sheet, marks)
        # Text inside a form, or under a scan that it was read from, is looked at on a few pages, then believed.
        kind = "form" if later is None else "scan" if scans else ""
        if not kind or self.trusted[kind] >= _TRUST:
            return set()
        hidden = self._drawn(sheet, marks, scan=kind == "scan")
        self.trusted[kind] += not hidden
        return hidden

    def _is_scan(self, item: int, area: float) -> bool:
        """Whether an object is a picture large enough for the scan of its page; a photo is smaller."""
        return self.type(ctypes.c_void_p(item)) == _IMAGE and _area(self._box(item)) > _PICTURE * area

    def _is_suspect(self, item: int, page: ctypes.c_void_p) -> bool:
        """Whether a text has no colour or that of the paper, belongs to a layer, or lies outside its clip."""
        import pypdfium2.raw as raw

        pointer = _pointer(item)
        red, green, blue, alpha = colours = [ctypes.c_uint() for _ in range(4)]
        known = raw.FPDFPageObj_GetFillColor(pointer, *map(ctypes.byref, colours))
        if (known and alpha.value < _FAINT) or _in_layer(pointer) or _is_clipped(pointer):
            return True
        return bool(known) and min(red.value, green.value, blue.value) >= _WHITE and not self._on_dark(item, page)

    def _later(self, page: ctypes.c_void_p, items: set[int]) -> list[tuple[int, int]] | None:
        """The filled shapes and pictures with their place in the page's order, and the texts themselves.

        None where the text is not the page's own but a form's.
        """
        total = self.count(page)
        later, missing = [], set(items) - {None}
        for number in range(total - 1, max(total - 1 - _MANY, -1), -1):
            item = self.get(page, number)
            if item in missing:
                missing.discard(item)
                later.append((number, item))
                if not missing:
                    return later
            elif self.type(ctypes.c_void_p(item)) in (_PATH, _IMAGE):
                later.append((number, item))
        return later if total > _MANY or not missing else None

    def _over(self, item: int, later: list[tuple[int, int]] | None) -> Iterator[int]:
        """Yield the filled shapes and pictures that are drawn after a text and lie over it."""
        own = self._box(item)
        for _, other in later or ():
            if other == item:
                return
            if _share_inside(own, self._box(other)) > _INSIDE and _is_filled(other):
                yield other

    def _on_dark(self, item: int, page: ctypes.c_void_p) -> bool:
        """Whether what lies right under a text is a dark rectangle."""
        own, ground = self._box(item), None
        for number in range(min(self.count(page), _MANY)):
            other = self.get(page, number)
            if other == item:
                return ground is not None and _is_dark_rectangle(ground, own)
            kind = self.type(ctypes.c_void_p(other))
            if kind in (_PATH, _IMAGE) and _share_inside(own, self._box(other)) > _INSIDE and _is_filled(other):
                ground = other if kind == _PATH else None
        return False

    def _box(self, item: int) -> _Box:
        self.bounds(ctypes.c_void_p(item), *self.edge_refs)
        return tuple(self.edges)

    def _drawn(self, sheet: int, marks: Sequence[Mark], scan: bool = False) -> set[int]:
        """The lines that leave the page as it is when its letters are taken away; on a `scan` those without ink."""
        page = self.document[sheet]
        text = page.get_textpage()
        try:
            items = [self.text_object(handle(text.raw), mark.index) for mark in marks]
            whole = _picture_of(page)
            shown = {item for item in items if item and not _is_invisible(item)}
            hidden = {number for number, item in enumerate(items) if item in shown}
            if not scan:
                bare = _without(page, shown)
                hidden = {number for number in hidden if not _shows(whole, bare, marks[number].box)}
            scanned = self._scanned(handle(page.raw), {items[number] for number in hidden}, whole.area)
            if scan:
                hidden = {number for number in hidden if items[number] in scanned}
            return {n for n in hidden if items[n] not in scanned or not _is_inked(whole, marks[n].box)}
        finally:
            text.close()
            page.close()

    def _scanned(self, page: ctypes.c_void_p, items: set[int], area: float) -> set[int]:
        """Those texts that lie under the scan that they were read from."""
        later = self._later(page, items) if items else []
        return {item for item in items if any(self._is_scan(other, area) for other in self._over(item, later))}


class _Picture(NamedTuple):
    """A page drawn in grey, a byte a dot; numpy would take longer to load than a document to read."""

    dots: bytes
    stride: int
    width: int
    height: int

    @property
    def area(self) -> float:
        """That of the page, in square points."""
        return self.width * self.height / _DOTS**2

    def rows(self, box: _Box) -> list[bytes]:
        """The rows of dots that a box on the page covers."""
        x0, top, x1, bottom = (round(edge * _DOTS) for edge in box)
        left, right = max(x0, 0), min(max(x1, x0 + 1, 1), self.width)
        rows = range(max(top, 0), min(max(bottom, top + 1, 1), self.height))
        return [self.dots[row * self.stride + left : row * self.stride + right] for row in rows] if left < right else []


def _picture_of(page: "PdfPage") -> _Picture:
    bitmap = page.render(scale=_DOTS, grayscale=True, may_draw_forms=False)
    return _Picture(bytes(bitmap.buffer), bitmap.stride, bitmap.width, bitmap.height)


def _without(page: "PdfPage", items: set[int]) -> _Picture:
    """The picture of a page without some of its objects."""
    for item in items:
        _set_active(item, False)
    bare = _picture_of(page)
    for item in items:
        _set_active(item, True)
    return bare


def _shows(whole: _Picture, bare: _Picture, box: _Box) -> bool:
    """Whether the letters of a line mark the page."""
    pairs = list(zip(whole.rows(box), bare.rows(box), strict=True))
    unlike = (pair for pair in pairs if pair[0] != pair[1])
    return not pairs or any(abs(dot - other) > _FAINT for pair in unlike for dot, other in zip(*pair, strict=True))


def _is_inked(whole: _Picture, box: _Box) -> bool:
    """Whether a page shows letters at a place, or whatever else has a light and a dark."""
    dots = b"".join(whole.rows(box))
    return bool(dots) and max(dots) - min(dots) > _INK


def _pointer(item: int) -> object:
    import pypdfium2.raw as raw

    return ctypes.cast(ctypes.c_void_p(item), raw.FPDF_PAGEOBJECT)


def _set_active(item: int, active: bool) -> None:
    import pypdfium2.raw as raw

    raw.FPDFPageObj_SetIsActive(_pointer(item), active)


def _is_invisible(item: int) -> bool:
    """Whether letters are drawn without ink, as those behind a scan are."""
    import pypdfium2.raw as raw

    return raw.FPDFTextObj_GetTextRenderMode(_pointer(item)) == raw.FPDF_TEXTRENDERMODE_INVISIBLE


def _is_filled(item: int) -> bool:
    """Whether a shape hides what is under it; a picture does."""
    import pypdfium2.raw as raw

    pointer = _pointer(item)
    if raw.FPDFPageObj_GetType(pointer) == raw.FPDF_PAGEOBJ_IMAGE:
        return True
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(pointer, ctypes.byref(mode), ctypes.byref(stroke))
    return mode.value != raw.FPDF_FILLMODE_NONE


def _in_layer(pointer: object) -> bool:
    """Whether a text is marked as optional content."""
    import pypdfium2.raw as raw

    name, size = (raw.FPDF_WCHAR * 8)(), ctypes.c_ulong()
    for number in range(raw.FPDFPageObj_CountMarks(pointer)):
        mark = raw.FPDFPageObj_GetMark(pointer, number)
        raw.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), ctypes.byref(size))
        if bytes(name)[: max(size.value - 2, 0)].decode("utf-16-le", "replace") == "OC":
            return True
    return False


def _is_clipped(pointer: object, box: _Box | None = None) -> bool:
    """Whether most of an object, or of a box in it, lies outside one of the shapes that it is clipped to."""
    import pypdfium2.raw as raw

    clip = raw.FPDFPageObj_GetClipPath(pointer)
    own = box or _bounds(pointer)
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(max(raw.FPDFClipPath_CountPaths(clip), 0)):
        points = []
        for place in range(min(max(raw.FPDFClipPath_CountPathSegments(clip, number), 0), _MANY)):
            segment = raw.FPDFClipPath_GetPathSegment(clip, number, place)
            raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            points.append((x.value, y.value))
        xs, ys = [x for x, _ in points], [y for _, y in points]
        if points and _share_inside(own, (min(xs), min(ys), max(xs), max(ys))) < _INSIDE:
            return True
    return False


def _is_dark_rectangle(item: int, box: _Box) -> bool:
    """Whether a filled path is a dark rectangle that shows where the box is."""
    import pypdfium2.raw as raw

    pointer = _pointer(item)
    if raw.FPDFPath_CountSegments(pointer) > _CORNERS or _in_layer(pointer):
        return False
    red, green, blue, alpha = colours = [ctypes.c_uint() for _ in range(4)]
    known = raw.FPDFPageObj_GetFillColor(pointer, *map(ctypes.byref, colours))
    light = 0.299 * red.value + 0.587 * green.value + 0.114 * blue.value
    return bool(known) and light < _DARK and alpha.value > _WHITE and not _is_clipped(pointer, box)


def _share_inside(box: _Box, other: _Box) -> float:
    """The share of a box that lies within another."""
    width, height = min(box[2], other[2]) - max(box[0], other[0]), min(box[3], other[3]) - max(box[1], other[1])
    return max(width, 0) * max(height, 0) / max(_area(box), 0.01)
