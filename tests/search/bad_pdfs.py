"""PDFs that do harm, made here in a few lines each: a fresh clone has no others to test with."""

import zlib
from pathlib import Path

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def pdf(*objects: bytes) -> bytes:
    """A PDF of these numbered objects; the first is its catalogue."""
    parts, offsets, start = [b"%PDF-1.7\n"], [], len(b"%PDF-1.7\n")
    for number, body in enumerate(objects, start=1):
        offsets.append(start)
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        start += len(parts[-1])
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(offsets) + 1, rows))
    parts.append(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(offsets) + 1, start))
    return b"".join(parts)


def stream(content: bytes, extra: bytes = b"", packed: bool = False) -> bytes:
    """A stream object with its length."""
    if packed:
        content, extra = zlib.compress(content, 9), extra + b" /Filter /FlateDecode"
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), extra, content)


def one_page(content: bytes, resources: bytes, *more: bytes) -> bytes:
    """A PDF of one page with this content stream object; `more` are objects from number 5 on."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources %b >>" % resources
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        content,
        *more,
    )


def with_text(text: str) -> bytes:
    """One page with a line of text."""
    content = stream(b"BT /F 12 Tf 72 700 Td (%b) Tj ET" % text.encode("latin-1"))
    return one_page(content, b"<< /Font << /F 5 0 R >> >>", FONT)


def without_text() -> bytes:
    """One page with a drawing and no text, as a scan is."""
    return one_page(stream(b"0 0 300 300 re f"), b"<< >>")


def without_pages() -> bytes:
    """A document that is in order, and has no page."""
    return pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>")


def endless(depth: int = 12) -> bytes:
    """A page whose drawing calls ten drawings, each of which calls ten, and so on: 10^depth of them."""
    last = 5 + depth
    forms = []
    for number in range(5, last):
        extra = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>"
        forms.append(stream(b"/X Do " * 10, extra % (number + 1)))
    leaf_resources = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F %d 0 R >> >>"
    leaf = stream(b"BT /F 1 Tf (wereld) Tj ET", leaf_resources % (last + 1))
    return one_page(stream(b"/X Do"), b"<< /XObject << /X 5 0 R >> >>", *forms, leaf, FONT)


def swollen(megabytes: int) -> bytes:
    """A page whose content is small in the file, and so many megabytes unpacked."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(megabytes)) + packer.flush()
    return one_page(stream(packed, b"/Filter /FlateDecode"), b"<< >>")


def of_pages(number: int) -> bytes:
    """So many pages, each with a sentence of its own that holds the same word once."""
    first = 4
    kids = b" ".join(b"%d 0 R" % (first + 2 * place) for place in range(number))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%b] /Count %d /MediaBox [0 0 595 842] >>" % (kids, number),
        FONT,
    ]
    for place in range(number):
        own = str(place).translate(str.maketrans("0123456789", "abcdefghij")).encode()
        text = b"BT /F 12 Tf 72 400 Td (%b gaat over de wereld van %b.) Tj ET" % (own.title(), own)
        page = b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R /Resources << /Font << /F 3 0 R >> >> >>"
        objects += [page % (first + 2 * place + 1), stream(text)]
    return pdf(*objects)


def write(folder: Path, **documents: bytes) -> Path:
    """Write each document under its name; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in documents.items():
        (folder / f"{name}.pdf").write_bytes(content)
    return folder
