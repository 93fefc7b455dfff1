"""Pictures: photos of people and the portal's logo."""

from chassis.kit import pictures
from gateway.identity.schema import Base


class Picture(pictures.Picture, Base):
    """The picture of a user, or of the portal."""

    __tablename__ = "picture"


def photo(data):
    """The middle of a picture as a square. Refuses with NOT_A_PICTURE, PICTURE_TOO_LARGE or BUSY."""
    return pictures.drawn(data, "fit", 256, 256)


def logo(data):
    """The whole of a picture in the space that a logo has. Refuses with NOT_A_PICTURE, PICTURE_TOO_LARGE or BUSY."""
    return pictures.drawn(data, "contain", 512, 128)


def keep(tx, subject, content):
    """Keeps the picture of a subject in place of the one before; returns which one it is."""
    return pictures.keep(tx, Picture, subject, content)


def drop(tx, subject):
    """Removes the picture of a subject; returns which one there is then: none."""
    return pictures.drop(tx, Picture, subject)


def download(tx, subject):
    """Gives the picture of a subject. Refuses with NOT_FOUND."""
    return pictures.download(tx, Picture, subject)
