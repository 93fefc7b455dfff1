"""AIP-134 and AIP-161: which fields an update changes."""

from chassis.errors import INVALID_FIELDS, InvalidArgument, Violation


def fields_to_change(request, resource, model):
    """Returns the names of the writable fields that an update names.

    Without a mask these are the fields that were sent. `*` means all. A field that clients cannot set is passed over
    if it is what it was (they send back what they read) and refused otherwise.
    """
    named = list(request.update_mask.paths) or [field.name for field, _ in resource.ListFields()]
    if named == ["*"]:
        return list(model.writable)
    fields = list(dict.fromkeys(path.partition(".")[0] for path in named if path not in ("name", "etag")))
    known = type(resource).DESCRIPTOR.fields_by_name
    unknown = [field for field in fields if field not in known]
    if unknown:
        raise refused_fields(unknown, "UNKNOWN_FIELD", "there is no such field")
    return fields


def refused_fields(fields, reason, sentence):
    """Returns the refusal that names each of `fields`."""
    violations = [Violation(field, reason, sentence) for field in fields]
    return InvalidArgument("{fields}: " + sentence, INVALID_FIELDS, violations=violations, fields=", ".join(fields))
