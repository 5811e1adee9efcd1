"""Where a finished file goes: naming template, safe names, the atomic move, the recycle bin."""
