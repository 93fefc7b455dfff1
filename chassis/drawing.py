"""Makes a small picture of what comes in, and gives it out: a program of its own, which may fail, or want too much.

python drawing.py fit|contain|within WIDTH HEIGHT < picture > picture.webp
"""

import io
import os
import resource
import sys
from contextlib import suppress

from PIL import Image, ImageOps

KINDS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 10_000_000
MEMORY, SECONDS = 512 * 1024 * 1024, 5
TOO_LARGE = 3


def within(image, size):
    """The picture in a box of this size; one that is no larger stays as large as it is."""
    return image if image.width <= size[0] and image.height <= size[1] else ImageOps.contain(image, size)


FITTED = {"fit": ImageOps.fit, "contain": ImageOps.contain, "within": within}


def main(how, width, height):
    """Draws; ends with TOO_LARGE, or some other code if it cannot."""
    os.nice(10)
    # Where a system has no such limits, those of whoever started this remain.
    with suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.stdout.buffer.write(drawn(sys.stdin.buffer.read(), FITTED[how], (int(width), int(height))))


def drawn(data, fitted, size):
    """The picture as a WebP of a size, upright, without anything else in it."""
    # The formats are named: Pillow reads forty others, some by calling programs.
    with Image.open(io.BytesIO(data), formats=KINDS) as image:
        # A JPEG can be read at a fraction of its size.
        image.draft("RGB", (1024, 1024))
        if image.width * image.height > MOST_PIXELS:
            sys.exit(TOO_LARGE)
        small = image.convert("RGBA").reduce(max(1, min(image.size) // max(size)))
        small.getexif()[0x0112] = image.getexif().get(0x0112, 1)
        out = io.BytesIO()
        fitted(ImageOps.exif_transpose(small), size).save(out, "WEBP", quality=85, exif=b"")
    return out.getvalue()


if __name__ == "__main__":
    main(*sys.argv[1:])
