"""Imported before anything of `jieli` by the processes that need its modules."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jieli.config.settings")
django.setup()
