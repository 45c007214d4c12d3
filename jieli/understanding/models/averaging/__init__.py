"""The shipped model: a deep averaging network over hashed character n-grams of a message and of the talk around it."""
