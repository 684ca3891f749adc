"""Colours as a marker leaves them on paper: one space for all, which are paper, and which are alike."""

import math
import re
from collections.abc import Iterable

Rgb = tuple[float, float, float]
Lab = tuple[float, float, float]

ALIKE = 5.0  # CIE76; pastel markers of one palette lie 6 or more apart, the same ink in two colour spaces below 4
PAPER_LIGHTNESS, PAPER_CHROMA = 92.0, 6.0  # #f2f2f2 and #f0f8ff are paper; #d9d9d9 and the palest yellow are not
BLACK_LIGHTNESS = 10.0  # rules and blackened passages: nothing can be read on them


def to_rgb(colour: object) -> Rgb | None:
    """A PDF colour in gray, RGB or CMYK as RGB from 0 to 1; None for a pattern or what is no colour."""
    parts = tuple(colour) if isinstance(colour, (tuple, list)) else (colour,)
    if not parts or not all(isinstance(part, (int, float)) for part in parts):
        return None
    parts = tuple(min(1.0, max(0.0, float(part))) for part in parts)
    if len(parts) == 1:
        return parts * 3
    if len(parts) == 3:
        return parts
    if len(parts) == 4:
        return tuple((1 - ink) * (1 - parts[3]) for ink in parts[:3])
    return None


def to_hex(rgb: Rgb) -> str:
    """The colour as a web page writes it: #00ffff."""
    # Half up, not to even: 0.5 is #80, as browsers and Word have it.
    return "#" + "".join(f"{int(part * 255 + 0.5):02x}" for part in rgb)


def from_hex(colour: str) -> Rgb:
    """The RGB of #00ffff; ValueError for anything else."""
    if not re.fullmatch(r"#[0-9a-f]{6}", colour):
        raise ValueError(f"no colour {colour!r}; wanted six hexadecimal digits after #, as in #00ffff")
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def to_lab(rgb: Rgb) -> Lab:
    """The colour in CIE Lab (sRGB, D65), where distance is about what the eye sees."""
    r, g, b = (((part + 0.055) / 1.055) ** 2.4 if part > 0.04045 else part / 12.92 for part in rgb)
    white = (0.9505, 1.0, 1.089)
    xyz = (
        0.4124 * r + 0.3576 * g + 0.1805 * b,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        0.0193 * r + 0.1192 * g + 0.9505 * b,
    )
    x, y, z = (
        (part / full) ** (1 / 3) if part / full > 0.008856 else 7.787 * part / full + 16 / 116
        for part, full in zip(xyz, white, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def is_marker(rgb: Rgb) -> bool:
    """Whether the colour shows behind black text: neither paper (white or nearly) nor black."""
    lightness, a, b = to_lab(rgb)
    is_paper = lightness >= PAPER_LIGHTNESS and math.hypot(a, b) < PAPER_CHROMA
    return lightness >= BLACK_LIGHTNESS and not is_paper


def alike(n_letters: Iterable[tuple[str, int]]) -> dict[str, str]:
    """Each colour's name under the commonest colour that looks like it; takes (colour, letters) pairs."""
    heads: dict[str, Lab] = {}
    names: dict[str, str] = {}
    for colour, _ in sorted(n_letters, key=lambda pair: (-pair[1], pair[0])):
        lab = to_lab(from_hex(colour))
        near = [(math.dist(lab, other), head) for head, other in heads.items()]
        distance, head = min(near, default=(math.inf, colour))
        names[colour] = head if distance <= ALIKE else colour
        if names[colour] == colour:
            heads[colour] = lab
    return names
