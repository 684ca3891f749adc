"""A PDF as a reader sees it: paragraphs and sentences, each with the page number that is printed on it.

PDFium gives the letters with their boxes; here they become lines, blocks and paragraphs, running headers are left
out, and the printed number of each page is settled over the whole document. pdfplumber is the second reader.

>>> from analysis.pdf import plain_text
>>> plain_text("inter-\\nnationaal").text
'internationaal'
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    [],
    {
        "document": ["PrintedDocument", "page_strip", "referee"],
        "lines": ["read_pages"],
        "open": ["ReadError", "STATUSES", "open_pdf"],
        "paragraphs": ["BULLET", "Paragraph", "sentence_spans"],
        "plain": ["Plain", "plain_text"],
    },
)
