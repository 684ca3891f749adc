"""An executable thesis: why urban regions say they internationalise their culture sector."""

__version__ = "0.1.0"
