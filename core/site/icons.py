"""Makes the icon sprite: `python -m core.site.icons <folder of Lucide's icons> > static/vendor/lucide-<version>/icons.svg`.

Add a name below, run it with the `icons/` folder of an unpacked `lucide-static`, and refresh SHA256SUMS (static/vendor/README.md).
"""

import re
import sys
from pathlib import Path

ICONS = (
    "activity", "alarm-clock", "arrow-big-down", "arrow-big-up", "arrow-down-up", "arrow-left", "arrow-right",
    "arrow-up-right", "at-sign", "award", "ban", "bell", "bell-off", "bell-ring", "bold", "book-open", "bookmark",
    "calendar-days", "captions", "captions-off", "chart-column", "check", "check-check", "chevron-down", "chevron-left",
    "chevron-right", "chevron-up", "circle-alert", "circle-check", "circle-help", "circle-slash", "circle-x", "clapperboard",
    "clock", "code", "compass", "copy", "corner-down-right", "download", "ellipsis", "ellipsis-vertical", "external-link",
    "eye", "eye-off", "fast-forward", "file-video", "filter", "flag", "flame", "frown", "funnel", "gauge", "gavel", "globe",
    "grid-2x2", "hard-drive", "heart", "history", "house", "image", "inbox", "info", "italic", "key-round",
    "keyboard", "languages", "laugh", "layers", "layout-grid", "link", "list", "list-checks", "list-filter",
    "list-plus", "list-video", "loader-circle", "lock", "lock-open", "log-in", "log-out", "mail", "maximize", "menu",
    "message-circle", "message-square", "messages-square", "mic", "minimize", "minus", "monitor",
    "moon", "music", "newspaper", "panel-right", "pause", "pencil", "picture-in-picture-2", "pin", "pin-off", "play", "plus",
    "quote", "radio", "rectangle-horizontal", "redo-2", "refresh-cw", "repeat", "reply", "rewind", "rotate-ccw", "rotate-cw",
    "rss", "search", "send", "settings", "share-2", "shield", "shield-alert", "skip-back", "skip-forward",
    "sliders-horizontal", "smartphone", "sparkles", "square", "star", "step-forward", "strikethrough",
    "sun", "sun-moon", "table", "tag", "text-search", "thumbs-down", "thumbs-up", "timer", "trash-2", "trending-up",
    "triangle-alert", "trophy", "tv", "undo-2", "upload", "user", "user-check", "user-minus", "user-plus", "users",
    "volume-1", "volume-2", "volume-x", "wifi-off", "x", "zap",
)  # fmt: skip


def sprite_build(folder: Path) -> str:
    """One `<symbol id=name>` per icon, without Lucide's presentation attributes: the stylesheet draws them."""
    symbols = []
    for name in ICONS:
        source = (folder / f"{name}.svg").read_text(encoding="utf-8")
        body = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
        if body is None:
            raise ValueError(f"{name}.svg holds no <svg>")
        shapes = re.sub(r">\s+<", "><", body[1]).strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":
    sys.stdout.write(sprite_build(Path(sys.argv[1])))
