"""The training corpus that the project wrote itself (CARD.md), its reader and its generator."""
