"""Tags: words that group records. Whatever its case a title is one tag, and who writes a new one makes it."""

import sqlalchemy as sql
from sqlalchemy import Text, func, select
from sqlalchemy.dialects.postgresql import ARRAY, array, insert
from sqlalchemy.orm import Mapped, mapped_column

from chassis.aip.filtering import ANY, present
from chassis.errors import AlreadyExists, InvalidArgument
from chassis.kit import clearing, dictionary
from chassis.resource import Resource
from chassis.standard import fold, occurs


class Tag(Resource):
    """A tag. Who mounts it names in `tagged` the model of the records."""

    writable = ("title",)
    filterable = ("title",)
    sort_columns = {"title": "key"}
    default_order = "title"
    # What its count of records is called in the contract.
    count_field = "contact_count"

    title: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text, unique=True)

    @classmethod
    def tagged(cls):
        """Returns the model of the records that have tags."""
        raise NotImplementedError

    @classmethod
    def matches(cls, word):
        """A word is found anywhere in the title."""
        return occurs(cls.key, word)

    @classmethod
    def computed(cls, actor):
        """How many records that the actor may see have it."""
        model = cls.tagged()
        count = select(func.count()).select_from(model).where(cls._on(model), model.visible(actor))
        return {cls.count_field: count.correlate(cls).scalar_subquery()}

    @classmethod
    def unused(cls):
        """Returns the condition that no record has it."""
        model = cls.tagged()
        return ~select(model.id).where(cls._on(model)).correlate(cls).exists()

    @classmethod
    def _on(cls, model):
        return model.tag_keys.contains(array([cls.key]))

    def label(self):
        """Its title."""
        return self.title


class Tagged(Resource):
    """A record that may have tags."""

    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    # The same, folded: by them it is found.
    tag_keys: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)

    @classmethod
    def filtered(cls, field, operator, value):
        """`tags:vip` is whoever has the tag, whatever its case."""
        if field == "tags" and value is ANY:
            return present(cls.tags)
        if field == "tags" and operator in (":", "="):
            return cls.tag_keys.contains([fold(value)])
        return super().filtered(field, operator, value)

    def settle_tags(self):
        """Settles what follows from the tags."""
        self.tags = list({fold(title): title for title in reversed(self.tags or [])}.values())[::-1]
        self.tag_keys = [fold(title) for title in self.tags]


def known(tx, standard, titles):
    """Returns titles as their tags write them, each once; those that are new come into being."""
    wanted: dict = {}
    for title in titles:
        stripped = " ".join(title.split())
        if not stripped:
            raise InvalidArgument("fill it in", "TITLE_REQUIRED", field="tags")
        wanted.setdefault(fold(stripped), stripped)
    if not wanted:
        return []
    spelled = _spelled(tx, standard.model, wanted)
    missing = {key: title for key, title in wanted.items() if key not in spelled}
    if missing:
        _add(tx, standard, missing)
        spelled |= _spelled(tx, standard.model, missing)
    return [spelled[key] for key in wanted]


def _spelled(tx, model, keys):
    """Returns key → title of the tags that there are."""
    found = tx.session.execute(select(model.key, model.title).where(model.key.in_(keys)))
    return {key: title for key, title in found}  # noqa: C416 rows are no pairs to the type checker


def _add(tx, standard, titles):
    """Adds tags; those that somebody else adds at this moment are his."""
    common = {"version": 1, "create_time": tx.now, "update_time": tx.now, "creator": tx.actor.name}
    rows = [{"key": key, "title": title, **common} for key, title in sorted(titles.items())]
    made = insert(standard.model).values(rows).on_conflict_do_nothing().returning(standard.model)
    for tag in tx.session.scalars(made).all():
        standard.announce("Created", tag, tx)


def create(request, tx, standard, leaving):
    """Adds a tag; one of the same title is returned. `leaving` is the model of what is on its way out."""
    title = known(tx, standard, [getattr(request, standard.field).title])[0]
    found = dictionary.find(tx, standard.model, title)
    clearing.keep_after_all(tx, leaving, "tags", [found.key])
    return tx.message(found, standard.message_class)


def delete(request, tx, standard, leaving, also=lambda tag: None):
    """Deletes a tag; a job takes it from the records. `also(tag)` does what else is to be done."""
    tx.actor.require_admin()

    def complete(tag):
        clearing.begin_clearing(tx, leaving, "tags", tag.key)
        also(tag)

    return standard.delete(request, tx, complete)


def delete_unused(tx, standard):
    """Deletes the tags that no record has; returns them."""
    tx.actor.require_admin()
    unused = tx.session.scalars(select(standard.model).where(standard.model.unused()).with_for_update()).all()
    for tag in unused:
        standard.announce("Deleted", tag, tx)
    tx.session.execute(sql.delete(standard.model).where(standard.model.id.in_([tag.id for tag in unused])))
    return unused


def rename(request, tx, standard, leaving, also=lambda before, title: None):
    """Renames a tag; a job does so on the records. `also(folded title before, title)` does what else is to be done."""
    tx.actor.require_admin()
    before = tx.get(standard.model, getattr(request, standard.field).name, lock=True).key

    def complete(tag, changed):
        tag.title = " ".join(tag.title.split())
        tag.key = fold(tag.title)
        other = dictionary.find(tx, standard.model, tag.title)
        if other is not None and other.id != tag.id:
            raise AlreadyExists("this title is there already", "TITLE_TAKEN")
        also(before, tag.title)
        clearing.begin_clearing(tx, leaving, "tags", before, becomes=tag.title)

    return standard.update(request, tx, complete)
