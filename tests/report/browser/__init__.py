"""Tests in a real browser: run where playwright and Debian's chromium are installed."""
