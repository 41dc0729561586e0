"""Draws the guide's pictures in a browser from pages that were answered before. Small: text on a plain ground."""

import base64
import os
import struct
import zlib
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from tests.accessible.shelf import shelf
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.guide.story import Look

# CSS pixels: as wide as a page of the guide is read, and no higher than what a step needs.
WIDTH, HEIGHT = 960, 660
# At most 256 colours: whole shades as they are, the edges of letters in coarser and coarser steps until they fit.
COLOURS = """
const done = arguments[1], image = new Image(), canvas = document.createElement('canvas');
image.onload = () => {
  [canvas.width, canvas.height] = [image.width, image.height];
  const brush = canvas.getContext('2d');
  brush.drawImage(image, 0, 0);
  const { data } = brush.getImageData(0, 0, image.width, image.height);
  for (let step = 1; ; step++) {
    const known = new Map(), places = new Uint8Array(data.length / 4);
    const whole = (at) => Math.round(data[at] / step) * step;
    for (let at = 0; at < data.length && known.size <= 256; at += 4) {
      const colour = (whole(at) << 16) | (whole(at + 1) << 8) | whole(at + 2);
      if (!known.has(colour)) known.set(colour, { place: known.size, first: [data[at], data[at + 1], data[at + 2]] });
      places[at / 4] = known.get(colour).place;
    }
    if (known.size > 256) continue;
    let text = '';
    for (let at = 0; at < places.length; at += 8192) text += String.fromCharCode(...places.subarray(at, at + 8192));
    return done([image.width, [...known.values()].flatMap(each => each.first), btoa(text)]);
  }
};
image.src = 'data:image/png;base64,' + arguments[0];
"""


def png(width: int, palette: list[int], places: bytes) -> bytes:
    """A picture of one byte for each pixel, as small as zlib makes it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + places[at : at + width] for at in range(0, len(places), width))
    head = struct.pack(">IIBBBBB", width, len(places) // width, 8, 3, 0, 0, 0)
    body = [(b"IHDR", head), (b"PLTE", bytes(palette)), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in body)


def draw(found: list[Look], folder: Path) -> None:
    """Write `<picture>.png` of every look into the folder."""
    options = Options()
    options.binary_location = os.environ.get("SAPR_CHROMIUM", "/usr/bin/chromium")
    for flag in (*CHROMIUM_FLAGS, "--hide-scrollbars"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options, Service(os.environ.get("SAPR_CHROMEDRIVER", "/usr/bin/chromedriver")))
    try:
        size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        with shelf() as server:
            for look in found:
                server.pages[f"/{look.picture}/"] = (dict(look.answer.headers), look.answer.content)
                driver.get(f"{server.address}/{look.picture}/")
                # The page itself: its frame is the same everywhere and shown once, with Today.
                if look.picture not in ("sign-in", "today", "locked"):
                    driver.execute_script("document.querySelector('.top').remove()")
                shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
                width, palette, places = driver.execute_async_script(COLOURS, shot["data"])
                (folder / f"{look.picture}.png").write_bytes(png(width, palette, base64.b64decode(places)))
    finally:
        driver.quit()
