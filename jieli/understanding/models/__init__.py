"""Models behind the port `IntentModel`; each is a folder with a manifest.toml."""
