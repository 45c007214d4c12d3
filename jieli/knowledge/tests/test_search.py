from datetime import timedelta

import pytest

from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM
from jieli.knowledge import facade
from jieli.knowledge.contracts import Audience, NewArticle, Query, Scope, Text
from jieli.knowledge.tests.makers import article

pytestmark = pytest.mark.django_db

NOW = clock.now()
SHELF = [
    article(
        "returns",
        "七天无理由退货",
        "签收后七天内可以申请退货，运费险会赔付。",
        "怎么退货",
        "不想要了能退吗",
        intents=("return_goods",),
    ),
    article(
        "freight",
        "退货运费谁承担",
        "质量问题由我们承担，其他由买家承担。",
        "退货要自己出运费吗",
        intents=("return_goods",),
    ),
    article(
        "invoice",
        "电子发票怎么开",
        "订单详情里申请，开好后发到邮箱。",
        "可以开发票吗",
        "发票抬头能改吗",
        intents=("invoice",),
    ),
    article(
        "filter",
        "空调滤网怎么清洗",
        "断电，取下滤网，用清水冲洗后晾干。",
        "滤网怎么洗",
        intents=("usage_help",),
        scope=Scope(skus=("AC-1",)),
    ),
    article(
        "washer",
        "洗衣机过滤器怎么清洗",
        "打开右下角小门，旋出过滤器。",
        "过滤器在哪",
        intents=("usage_help",),
        scope=Scope(skus=("WM-1",), categories=("washer",)),
    ),
    article("script", "退货挽留话术", "先问原因，再推荐换货。", "客户要退货怎么说", audience=Audience.AGENT),
    article(
        "old", "国庆退货延长", "国庆期间可延长退货。", "国庆买的能退吗", valid_until=NOW - timedelta(days=1)
    ),
    article("future", "双十二价保", "双十二期间价保。", "双十二价保多久", valid_from=NOW + timedelta(days=1)),
    NewArticle(
        slug="shipping",
        texts={
            "zh": Text("发什么快递", "默认顺丰。"),
            "en": Text("Which carrier do you use", "SF Express by default.", ("how do you ship",)),
        },
    ),
]


@pytest.fixture(autouse=True)
def _shelf() -> None:
    facade.import_articles(SYSTEM, SHELF)


def _slugs(text: str, **more: object) -> list[str]:
    return [hit.slug for hit in facade.search(text, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("我不想要了，可以退吗", "returns"),
        ("退货的邮费谁出啊", "freight"),
        ("能给我开个发票吗", "invoice"),
        ("抬头写错了可以改吗", "invoice"),
        ("滤网脏了怎么洗", "filter"),
        ("ＦＩＬＴＥＲ 滤网 怎么 清洗？？？", "filter"),
        ("你们用什么快递发货", "shipping"),
    ],
)
def test_questions_in_other_words_find_their_article(question: str, slug: str) -> None:
    assert _slugs(question)[0] == slug


def test_what_the_shelf_does_not_hold_scores_low() -> None:
    for asked in ("今天天气怎么样", "你是男的女的", "asdf", "👍", "……", "", "\x00\ud800"):
        assert all(hit.score < 0.3 for hit in facade.search(asked)), asked


def test_a_question_asked_word_for_word_scores_high() -> None:
    for one in SHELF[:4]:
        assert facade.search(one.texts["zh"].questions[0], intents=one.intents)[0].score > 0.8


def test_customers_see_neither_what_is_for_agents_nor_what_is_not_valid() -> None:
    assert "script" not in _slugs("客户要退货怎么说")
    assert "script" in _slugs("客户要退货怎么说", audience=Audience.AGENT)
    assert not {"old", "future"} & set(_slugs("国庆双十二价保退货", limit=20))
    with clock.using(clock.ManualClock(NOW + timedelta(days=2))):
        assert _slugs("双十二价保多久")[0] == "future"


def test_a_known_product_drops_articles_made_for_others() -> None:
    assert _slugs("怎么清洗", skus=("WM-1",))[0] == "washer"
    assert "washer" not in _slugs("过滤器怎么清洗", skus=("AC-1",))
    assert {"filter", "washer"} <= set(_slugs("怎么清洗"))


def test_the_intent_lifts_the_article_made_for_it() -> None:
    plain, lifted = (facade.search("发票", intents=i)[0] for i in ((), ("invoice",)))
    assert lifted.score > plain.score
    assert "intent:invoice" in lifted.reasons


def test_each_language_has_its_own_index() -> None:
    assert [(h.slug, h.locale) for h in facade.search("how do you ship", locale="en")] == [("shipping", "en")]


def test_a_batch_gives_what_single_searches_give() -> None:
    texts = ["怎么退货", "how do you ship", "", "开发票"]
    queries = [Query(text=t, locale="en" if t.startswith("how") else "zh") for t in texts]
    assert facade.search_many(queries) == [facade.search_many([q])[0] for q in queries]


def test_the_snippet_is_the_part_that_is_asked_about() -> None:
    long = article(
        "long", "安装说明", "第一步拆箱。" * 30 + "\n\n## 墙体\n\n**承重墙**才能打孔。", "打孔要求"
    )
    facade.import_articles(SYSTEM, [long])
    assert facade.search("承重墙打孔")[0].snippet == "承重墙才能打孔。"


def test_another_process_sees_a_change_with_its_next_search() -> None:
    assert _slugs("怎么退货")[0] == "returns"
    held = facade.search("怎么退货")[0]
    facade.retire(SYSTEM, held.article)
    assert "returns" not in _slugs("怎么退货")


def test_a_table_is_told_row_by_row() -> None:
    body = "按表选：\n\n| 尺码 | 身高 | 体重 |\n|---|---|:--|\n| S | 155–160 | 42 kg |\n| M | 160–165 | 49 kg |\n\n偏大。"
    facade.import_articles(SYSTEM, [article("sizes", "尺码表", body, "穿多大")])
    hit = facade.search("穿多大")[0]
    said = "按表选：\n尺码 S：身高 155–160，体重 42 kg\n尺码 M：身高 160–165，体重 49 kg\n偏大。"
    assert facade.library().body(hit) == said
