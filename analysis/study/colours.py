"""Colours mixed and measured: a tint, how light a colour looks, the ink that reads on it, and the family of codes.

>>> family_colour(0)
'#7B5598'
"""

from collections.abc import Sequence
from itertools import cycle

import numpy as np
from matplotlib.colors import to_rgb

# One colour a code, calm and neither near black nor near white. Each stands 3 to 1 against white and against the dark
# page of the site (WCAG 2.2, success criterion 1.4.11, non-text contrast). Any two of the first seven lie 15 apart in
# CAM02-UCS, any two of all 10, in whole vision and in simulated deuteranopia, protanopia and tritanopia; Petroff
# (2021, arXiv:2107.02270) asks 16 to 20 of sets of ten to six that need not hold on a dark page.
PALETTE = (
    *("#7B5598", "#A45E21", "#18785E", "#00A371", "#D87F00", "#768491", "#A272DE"),
    *("#7050D8", "#606878", "#B83850", "#C878B8"),
)


def family_colour(place: int) -> str:
    """The colour of the code at a place in its codebook, from 0; after the last the family begins again."""
    return PALETTE[place % len(PALETTE)]


def family_colours(given: Sequence[str]) -> list[str]:
    """The colours that are given, and where one is empty the next of the family that nobody has."""
    places = (place for place in range(len(PALETTE)) if PALETTE[place] not in given)
    free = [family_colour(place) for place in places] or list(PALETTE)
    left = cycle(free)
    return [colour or next(left) for colour in given]


def tint(colour: str, share: float) -> tuple[float, float, float]:
    """`colour` mixed with white: 0 is white, 1 the full colour."""
    return tuple(1 - share * (1 - part) for part in to_rgb(colour))


def luminance(colour: object) -> float:
    """How light a colour looks, from 0 (black) to 1 (white): the relative luminance of WCAG."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return float(np.dot((0.2126, 0.7152, 0.0722), parts))


def contrast(first: object, second: object) -> float:
    """The contrast ratio of two colours, from 1 (alike) to 21 (black on white), as WCAG defines it."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour: object) -> str:
    """Black or white, whichever reads better on `colour`: at least 4.5 to 1, as WCAG asks."""
    return "#000000" if luminance(colour) > 0.179 else "#FFFFFF"
