"""Open a PDF, or say in one word and one sentence why that cannot be done."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.study import CompendiumError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

# Every way in which the reading of a document can end; extraction.csv knows no other.
STATUSES = (
    "ok",
    "partial",  # some pages could not be read
    "no_text",
    "garbled",
    "encrypted",
    "damaged",
    "not_pdf",
    "empty",
    "no_pages",
    "unreadable",
    "timeout",
    "memory",
    "crashed",  # the process that read it was lost
    "stopped",
    "error",
)
_HEAD = 1024  # bytes in which a reader must look for "%PDF-" (ISO 32000, annex H)


class ReadError(CompendiumError):
    """A document that cannot be read at all; `status` is one of STATUSES, `message` a sentence."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        """Both arguments, so that the error survives the way between two processes."""
        return type(self), (self.status, self.message)


@contextmanager
def open_pdf(path: Path) -> Iterator["PdfDocument"]:
    """The document in a file, closed afterwards; ReadError says what is wrong with it."""
    from pypdfium2 import PdfDocument

    head = _head(path)
    with _refusals(head):
        document = PdfDocument(path)
    try:
        if len(document) == 0:
            raise ReadError("no_pages", "The document has no pages.")
        yield document
    finally:
        document.close()


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ReadError("unreadable", f"The file cannot be opened: {reason}.") from None
    if not head:
        raise ReadError("empty", "The file is empty (0 bytes).")
    return head


@contextmanager
def _refusals(head: bytes) -> Iterator[None]:
    """What PDFium refuses, told as a ReadError."""
    import pypdfium2.raw as raw
    from pypdfium2 import PdfiumError

    # PDFium keeps the last error of all; one that no document leaves shows that this one left none.
    raw.FPDF_LoadDocument(b"", None)
    try:
        yield
    except PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == raw.FPDF_ERR_FILE:
            raise ReadError("no_pages", "The document opens, but no page can be found in it.") from None
        if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            remedy = "Save a copy without it, for example with `qpdf --decrypt --password=… in.pdf out.pdf`."
            raise ReadError("encrypted", f"The document asks for a password. {remedy}") from None
        if b"%PDF-" not in head:
            raise ReadError("not_pdf", "The file is not a PDF: it does not begin with %PDF-.") from None
        raise ReadError("damaged", "The file begins as a PDF but its structure cannot be read.") from None


def handle(pointer: object) -> ctypes.c_void_p:
    """One of PDFium's pointers as the functions of `quick` take it."""
    return ctypes.cast(pointer, ctypes.c_void_p)


def quick(name: str, result: type = ctypes.c_int) -> Callable[..., int]:
    """PDFium's function of that name without the checks of ctypes, which cost more than most of its calls.

    It takes handles, whole numbers and references to memory, and nothing else.
    """
    import pypdfium2.raw as raw

    return ctypes.PYFUNCTYPE(result)(ctypes.cast(getattr(raw, name), ctypes.c_void_p).value)
