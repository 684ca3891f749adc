"""The fourteen figures of the compendium, in one place: each takes a table and gives Axes."""

from analysis.figures_brabantstad import plot_comparison
from analysis.figures_claims import plot_claims
from analysis.figures_coders import plot_agreement
from analysis.figures_corpus import plot_regions, plot_terms
from analysis.figures_map import plot_map
from analysis.figures_pairs import plot_together
from analysis.figures_processes import plot_processes
from analysis.figures_regimes import plot_regimes, plot_stance, plot_values
from analysis.figures_regions import plot_heatmap, plot_panels
from analysis.figures_specifications import plot_specifications

__all__ = [
    "plot_agreement",
    "plot_claims",
    "plot_comparison",
    "plot_heatmap",
    "plot_map",
    "plot_panels",
    "plot_processes",
    "plot_regimes",
    "plot_regions",
    "plot_specifications",
    "plot_stance",
    "plot_terms",
    "plot_together",
    "plot_values",
]
