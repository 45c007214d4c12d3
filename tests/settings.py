"""The product's own settings on a data folder of the test run, with passwords hashed cheaply."""

import os
import tempfile

os.environ.setdefault("JIELI_DATA", tempfile.mkdtemp(prefix="jieli-tests-"))
os.environ.setdefault("JIELI_LOG", "ERROR")

from jieli.config.settings import *  # noqa: F403 - the settings under test

JIELI_BUS = "memory"  # one process; the buses have tests of their own
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if DATABASES["default"]["ENGINE"] == "jieli.kernel.sqlite":  # noqa: F405
    # On disk, as in the product: threads have connections of their own and see only what was committed.
    DATABASES["default"]["TEST"] = {"NAME": str(JIELI_DATA / "test.sqlite3")}  # noqa: F405
