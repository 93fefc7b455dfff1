"""Pictures: photos of people and the portal's logo, made anew from what was sent, without anything else in it."""

import hashlib
import io
import threading

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import LargeBinary, Text, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from chassis.download import Download
from chassis.errors import InvalidArgument, no_such
from gateway.identity.schema import Base

KINDS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 40_000_000
PHOTO, LOGO = (256, 256), (512, 128)
# One at a time: forty megapixels unpacked are 160 MB.
SLOT = threading.BoundedSemaphore(1)


class Picture(Base):
    """The picture of a user, or of the portal."""

    __tablename__ = "picture"

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


def photo(data):
    """The middle of a picture as a square. Refuses with NOT_A_PICTURE or PICTURE_TOO_LARGE."""
    return _made(data, lambda image: ImageOps.fit(image, PHOTO))


def logo(data):
    """The whole of a picture in the space that a logo has. Refuses with NOT_A_PICTURE or PICTURE_TOO_LARGE."""
    return _made(data, lambda image: ImageOps.contain(image, LOGO))


def _made(data, fitted):
    try:
        # The formats are named: Pillow reads forty others, some by calling programs.
        with SLOT, Image.open(io.BytesIO(data), formats=KINDS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise InvalidArgument(
                    "the picture has more than {megapixels} megapixels",
                    "PICTURE_TOO_LARGE",
                    field="file",
                    megapixels=MOST_PIXELS // 1_000_000,
                )
            image.draft("RGB", (LOGO[0] * 2, LOGO[0] * 2))
            upright = ImageOps.exif_transpose(image)
            out = io.BytesIO()
            fitted(upright.convert("RGBA")).save(out, "WEBP", quality=85)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError):
        raise InvalidArgument("no JPEG, PNG, WebP or GIF", "NOT_A_PICTURE", field="file") from None
    return out.getvalue()


def keep(tx, subject, content):
    """Keeps the picture of a subject in place of the one before; returns which one it is."""
    row = insert(Picture).values(subject=subject, content=content)
    tx.session.execute(row.on_conflict_do_update(index_elements=["subject"], set_={"content": content}))
    return hashlib.sha256(content).hexdigest()[:16]


def drop(tx, subject):
    """Removes the picture of a subject; returns which one there is then: none."""
    tx.session.execute(delete(Picture).where(Picture.subject == subject))
    return ""


def download(tx, subject):
    """Gives the picture of a subject. Refuses with NOT_FOUND."""
    found = tx.session.get(Picture, subject)
    if found is None:
        raise no_such(f"picture of {subject}")
    title = f"{subject.replace('/', '-')}.webp"
    return Download(title=title, content_type="image/webp", parts=[found.content], size=len(found.content))
