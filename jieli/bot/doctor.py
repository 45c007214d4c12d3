from collections.abc import Iterator

from django.conf import settings

from jieli.bot import words
from jieli.kernel import doctor


@doctor.examines
def model() -> Iterator[doctor.Finding]:
    """A language model is optional; half a configuration is a mistake."""
    url, name = bool(settings.JIELI_LLM_URL), bool(settings.JIELI_LLM_MODEL)
    if url is not name:
        missing = "JIELI_LLM_MODEL" if url else "JIELI_LLM_URL"
        what = "The language model is configured by half and stays off."
        yield doctor.Finding(doctor.Health.WARNING, what, f"Set {missing} too, or neither.")
        return
    what = f"The bot's words are complete ({len(words.table())}); language model: {'on' if url else 'off'}."
    yield doctor.Finding(doctor.Health.OK, what)
