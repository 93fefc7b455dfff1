"""In whose time the times of a file are."""

from zoneinfo import available_timezones

from chassis.errors import InvalidArgument


def require_time_zone(name):
    """Refuses a time zone that there is not; none is UTC."""
    if name and name not in available_timezones():
        raise InvalidArgument("there is no such time zone", "UNKNOWN_TIME_ZONE", field="time_zone")
