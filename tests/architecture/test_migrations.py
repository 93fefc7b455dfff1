"""The migrations make what the models say."""

import pytest

from chassis import migrations
from deploy.processes import packages


@pytest.mark.parametrize("package", packages().values())
def test_the_migrations_make_the_tables_of_the_model(package, databases, worker):
    url = databases.fresh(package, f"check_{package.rpartition('.')[2]}_{worker}")

    migrations.check(package, url)
