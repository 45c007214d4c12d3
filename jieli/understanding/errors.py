"""What can go wrong in understanding; none of it depends on the customer's text, which is always understood somehow."""


class UnderstandingError(Exception):
    code = "understanding"


class ModelUnusable(UnderstandingError):
    """The shipped model file is absent, damaged, or made for another label set or feature scheme."""

    code = "understanding_model_unusable"


class CorpusInvalid(UnderstandingError):
    """A line of the training corpus or of a label file cannot be read; the message names file and line."""

    code = "understanding_corpus_invalid"
