from jieli.supply.sources.http.source import make
from jieli.supply.sources.port import Manifest, Setting

MANIFEST = Manifest(
    kind="http",
    title="HTTP (pull with mapping, push by webhook)",
    make=make,
    settings=(
        Setting("base_url", "https://erp.example.com/api; leave it out for a source that only pushes."),
        Setting("auth_header", "Name of the header that carries the key; default Authorization."),
        Setting("auth_value", "Its value, for example “Bearer …”.", secret=True),
        Setting("timeout_s", "Seconds for one request, at most 10; default 3."),
        Setting("pulls", "Per kind: by_key, by_owner, everything (paths) and the mapping of the answer."),
        Setting("time_zone", "Zone of moments without an offset; default Asia/Shanghai."),
        Setting(
            "namespaces", "Kind of identity → shop or app, for accounts and openids; default account: shop."
        ),
        Setting("push_secret", "Key of the push signature.", secret=True),
    ),
)
