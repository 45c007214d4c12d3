"""拾光里 Lumora: an invented brand group with appliances, home, beauty and apparel lines."""

from jieli.demo.brand.assembly import build

__all__ = ["build"]
