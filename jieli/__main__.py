"""The command `jieli`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jieli.config.settings")
    try:
        import django

        django.setup()
    except ValueError as error:
        sys.exit(f"jieli: {error}")
    from jieli.config.facade import cli

    cli()


if __name__ == "__main__":
    main()
