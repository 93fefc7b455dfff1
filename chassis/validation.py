"""The rules of the contract, checked before anything is done (protovalidate), told in the caller's language."""

import protovalidate

from chassis.errors import INVALID_FIELDS, InvalidArgument, Violation

_validator = protovalidate.Validator()


def validate(message, prefix=""):
    """Refuses with INVALID_FIELDS, naming every field that breaks a rule, without `prefix` before its path."""
    found = _validator.collect_violations(message)
    if found:
        violations = [_violation(each, prefix) for each in found]
        fields = ", ".join(violation.field for violation in violations)
        raise InvalidArgument("wrong: {fields}", INVALID_FIELDS, violations=violations, fields=fields)


def _violation(found, prefix):
    """Returns one broken rule as our Violation."""
    proto = found.proto
    path = "".join(_step(element) for element in proto.field.elements).removeprefix(".")
    # Of a rule that is an expression it is the rule itself.
    limit = found.rule_value if isinstance(found.rule_value, int | float | str) else ""
    return Violation(path.removeprefix(prefix), proto.rule_id, proto.message, (("limit", limit),))


def _step(element):
    """Returns one step of a field path: `.emails` or `.emails[0]`."""
    index = element.subscript
    at = f"[{index.value}]" if index is not None and getattr(index, "value", None) is not None else ""
    return f".{element.field_name}{at}"
