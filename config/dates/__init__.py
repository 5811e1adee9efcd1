"""Formats of dates by language (FORMAT_MODULE_PATH), under names that a template gives to the filter `date`."""
