"""What contacts were before an import changed them, as far as it can be again."""

from sqlalchemy import select

from chassis.db import STAYS, number
from services.contacts.merging import resolved
from services.contacts.model import Contact, ContactField, ContactType, TemperatureLevel


def there(tx, images):
    """Returns images (of whatever → field → value) without what points to something that is not there any more.

    A company that was merged is the survivor. What they point to stays until the end.
    """
    whole = {key: dict(image) for key, image in images.items()}
    survivors = {name: resolved(tx, name) for name in _named(whole, "company")}
    for image in whole.values():
        if image.get("company"):
            image["company"] = survivors[image["company"]]
    for field, model in (("company", Contact), ("type", ContactType), ("temperature", TemperatureLevel)):
        present = _present(tx, model, _named(whole, field))
        for image in whole.values():
            if field in image and image[field] not in present:
                image[field] = None
    _rank(tx, whole)
    fields = _present(tx, ContactField, {name for image in whole.values() for name in image.get("custom", ())})
    for image in whole.values():
        if "custom" in image:
            kept = {name: value for name, value in image["custom"].items() if name in fields and value is not None}
            image["custom"] = kept
    return whole


def _named(images, field):
    return {image[field] for image in images.values() if image.get(field)}


def _present(tx, model, names):
    """Returns the records among `names` that there are."""
    keys = {number(name, model.collection): name for name in names}
    found = select(model.id).where(model.id.in_([*keys])).order_by(model.id).with_for_update(**STAYS)
    return {keys[key] for key in tx.session.scalars(found)} if keys else set()


def _rank(tx, images):
    """Gives temperatures the place that their levels have now."""
    if any("temperature" in image for image in images.values()):
        places = {level.name: level.position for level in tx.session.scalars(select(TemperatureLevel))}
        for image in images.values():
            if "temperature" in image:
                image["temperature_rank"] = places.get(image["temperature"], 0)
