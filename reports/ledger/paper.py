"""A checkpoint on paper: a QR code, and beneath it the same text to type in."""

from html import escape
from textwrap import wrap

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from reports.ledger.checkpoints import Signed
from reports.ledger.verifier import read_json

# in millimetres, and letters in a line
WIDTH, CODE, LINE, LETTERS = 190, 130, 5, 80


def drawing(signed: Signed) -> str:
    """An SVG of 190 mm width. Whoever scans or types it has the file that `--checkpoint` takes."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(signed.text.strip())
    code.make()
    matrix = code.get_matrix()
    dark = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark
    )
    head = f"Checkpoint {signed.number} of {read_json(signed.body.decode())['at']}. Keep it away from the system."
    lines = [head, "", *wrap(signed.text.strip(), LETTERS, break_on_hyphens=False)]
    text = "".join(
        f'<text x="10" y="{CODE + LINE * row}">{escape(line)}</text>\n' for row, line in enumerate(lines, 1)
    )
    height = CODE + LINE * (len(lines) + 2)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{height}mm" '
        f'viewBox="0 0 {WIDTH} {height}">\n<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n'
        f'<svg x="30" width="{CODE}" height="{CODE}" viewBox="0 0 {len(matrix)} {len(matrix)}">'
        f'<path d="{dark}"/></svg>\n<g font-family="monospace" font-size="3.4">\n{text}</g>\n</svg>\n'
    )
