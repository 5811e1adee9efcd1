"""Plots drawn on the server as SVG: pure functions from numbers to markup, coloured by the page's style sheet."""
