from collections.abc import Iterator

from django.db.models import F

from jieli.kernel import clock, doctor
from jieli.knowledge import models


@doctor.examines
def articles() -> Iterator[doctor.Finding]:
    """Without articles the bot hands nearly everything over; articles past their date are seen by nobody."""
    published = models.Article.objects.exclude(published=None)
    count = published.count()
    if not count:
        mend = "Publish articles, or load the demo brand with `jieli up`."
        yield doctor.Finding(
            doctor.Health.WARNING, "There is no published article: the bot cannot answer.", mend
        )
        return
    read = models.ArticleVersion.objects.filter(number=F("article__published"))
    over = read.filter(valid_until__lt=clock.now()).count()
    yield doctor.Finding(doctor.Health.OK, f"{count} articles are published, {over} of them past their date.")
