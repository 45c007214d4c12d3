"""The shipped model: hashed character n-grams, a linear layer, and a small linear layer over the turn's context."""
