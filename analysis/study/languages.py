"""study/languages."""

LANGUAGES = ("en", "nl")
