"""An OpenAI-compatible language model behind the port of models."""
