from jieli.supply.sources.demo.source import make
from jieli.supply.sources.port import Manifest, Setting

MANIFEST = Manifest(
    kind="demo",
    title="Demo ERP (simulated)",
    make=make,
    simulated=True,
    settings=(
        Setting("plays", "“silent”: never answers; “broken”: refuses; empty: answers. For drills."),
        Setting("push_secret", "Key of the push signature.", secret=True),
    ),
)
