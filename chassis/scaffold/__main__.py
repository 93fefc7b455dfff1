"""`python -m chassis.scaffold cases`, or `… telephony PhoneCall`: starts a new service."""

import sys
from pathlib import Path

from chassis import scaffold


def main():
    """Makes the service that the arguments name, in the current tree."""
    service, resource = [*sys.argv[1:3], "", ""][:2]
    try:
        made = scaffold.make(Path.cwd(), service, resource)
    except scaffold.WrongNameError as error:
        sys.exit(f"make service name=cases [resource=Case]: {error}")
    sys.stdout.write(scaffold.what_is_left(Path.cwd(), service, made))


if __name__ == "__main__":
    main()
