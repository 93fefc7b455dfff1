"""Who may say and hear what on NATS.

A service announces only its own events and reads through its own consumer; nobody but `boot` may make, change or empty
the stream. Passwords are not written here: NATS takes them from its environment.
"""

from deploy.processes import packages

STREAM = "CRM"
BOOT, PUSH = "boot", "push"
USER = """\
    {{
      user: {user}
      password: ${variable}
      permissions: {{
        publish: [
{publish}
        ]
        subscribe: [
{subscribe}
        ]
      }}
    }}
"""


def accounts():
    """Returns the NATS users that have a consumer of their own."""
    return list(packages())


def secret_name(user):
    """The name of the secret with the password of a NATS user."""
    return f"nats-{user}"


def password_variable(user):
    """The environment variable that holds the password of a NATS user."""
    return f"NATS_PASSWORD_{user.upper()}"


def permissions():
    """Returns user → (subjects to publish on, subjects to subscribe to)."""
    rights = {name: _service_rights(name) for name in accounts()}
    rights[PUSH] = (
        [
            f"$JS.API.STREAM.INFO.{STREAM}",
            # Without a name behind it this makes nameless consumers only: those of the services cannot be changed.
            f"$JS.API.CONSUMER.CREATE.{STREAM}",
            # Stealing from a service's consumer leaves a hole in its account, upon which it reads again.
            f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.*",
            # Who reads in order says now and then how far he is: unheard, he is sent nothing more.
            f"$JS.FC.{STREAM}.>",
        ],
        [f"_INBOX_{PUSH}.>"],
    )
    rights[BOOT] = (["$JS.API.>"], ["_INBOX.>"])
    return rights


def _service_rights(name):
    return (
        [
            f"crm.{name}.>",
            f"wake.{name}",
            f"$JS.API.STREAM.INFO.{STREAM}",
            *(f"$JS.API.CONSUMER.{verb}.{STREAM}.{name}" for verb in ("CREATE", "DELETE", "INFO", "MSG.NEXT")),
        ],
        [f"wake.{name}", f"_INBOX_{name}.>"],
    )


def users_file():
    """Returns nats/users.conf: the users and their rights, in the language of nats-server."""
    users = "".join(
        USER.format(user=user, variable=password_variable(user), publish=_lines(publish), subscribe=_lines(subscribe))
        for user, (publish, subscribe) in permissions().items()
    )
    return f"# Made by `python -m deploy.broker`.\nauthorization {{\n  users: [\n{users}  ]\n}}\n"


def _lines(subjects):
    return "\n".join(f'          "{subject}"' for subject in subjects)


if __name__ == "__main__":
    print(users_file(), end="")
