"""Emotion from many small signals: each has a code, a side and a weight, and shows itself in the reasons."""
