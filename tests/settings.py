"""Penstock's settings for tests: a home of their own, fast passwords, mail in memory."""

import os
import tempfile
from pathlib import Path

# The first process of the run chooses the folder; workers of xdist inherit it.
if "PENSTOCK_TEST_HOME" not in os.environ:
    os.environ["PENSTOCK_TEST_HOME"] = tempfile.mkdtemp(prefix="penstock-tests-")
    Path(os.environ["PENSTOCK_TEST_HOME"]).chmod(0o711)
    os.environ["PENSTOCK_TEST_HOME_OWNER"] = str(os.getpid())
os.environ["PENSTOCK_HOME"] = os.environ["PENSTOCK_TEST_HOME"]
os.environ.setdefault("PENSTOCK_SECRET_KEY", "only-for-tests")
for name in (
    "PENSTOCK_URL",
    "PENSTOCK_DEBUG",
    "PENSTOCK_AS_OWNER",
    "PENSTOCK_EMAIL_URL",
    "PENSTOCK_OIDC_URL",
):
    os.environ.pop(name, None)

from penstock.config.settings import *  # noqa: E402, F403 -- after the environment is set

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
