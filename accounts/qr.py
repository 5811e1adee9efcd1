"""QR codes as SVG: dark on white whatever the theme, because cameras want it so."""

import base64

import qrcode

_QUIET = 4  # modules of white around it, as the standard asks


def qr_svg(text: str) -> str:
    """The code as an `<svg>` element, one path, scaled by the page."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=_QUIET)
    code.add_data(text)
    rows = code.get_matrix()
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{dark}"/></svg>'
    )


def qr_data_url(text: str) -> str:
    """The same as a `data:` address for an `<img>`."""
    return "data:image/svg+xml;base64," + base64.b64encode(qr_svg(text).encode()).decode("ascii")
