"""Colours mixed and measured: a tint, how light a colour looks, and the ink that reads on it."""

import numpy as np
from matplotlib.colors import to_rgb


def tint(colour: str, share: float) -> tuple[float, float, float]:
    """`colour` mixed with white: 0 is white, 1 the full colour."""
    return tuple(1 - share * (1 - part) for part in to_rgb(colour))


def luminance(colour: object) -> float:
    """How light a colour looks, from 0 (black) to 1 (white): the relative luminance of WCAG."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return float(np.dot((0.2126, 0.7152, 0.0722), parts))


def ink_on(colour: object) -> str:
    """Black or white, whichever reads better on `colour`: at least 4.5 to 1, as WCAG asks."""
    return "#000000" if luminance(colour) > 0.179 else "#FFFFFF"
