import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jieli.understanding import evaluation, policy, training
from jieli.understanding import facade as understanding
from jieli.understanding.contracts import INTENTS, Intent, PreviousTurn, Turn
from jieli.understanding.corpus import reading
from jieli.understanding.corpus.variation import Variation
from jieli.understanding.errors import CorpusInvalid, ModelUnusable
from jieli.understanding.models import registry
from jieli.understanding.models.averaging import artifact, concepts

AT = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)


def intent_of(text: str, *previous: PreviousTurn) -> Intent:
    return understanding.understand([Turn(text, AT, previous)])[0].intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("怎么还没发货呀，我都等三天了", Intent.SHIP_WHEN),
        ("帮忙查下快递到哪儿了", Intent.TRACK),
        ("[订单x] 帮我把这单取消了吧", Intent.ORDER_CANCEL),
        ("电子发票在哪里可以下载", Intent.INVOICE),
        ("我想退货，怎么申请", Intent.RETURN_GOODS),
        ("退款几天能到账", Intent.REFUND_STATUS),
        ("刚买就降价了能退差价吗", Intent.PRICE_PROTECTION),
        ("安装师傅什么时候上门", Intent.INSTALL_SERVICE),
        ("身高170体重130穿什么码", Intent.SIZE_FIT),
        ("给我转人工", Intent.HUMAN_AGENT),
        ("在吗", Intent.GREETING),
        ("[订单x]", Intent.PROVIDE_INFO),
        ("主播说买就送赠品的，怎么没有", Intent.PROMISE_CLAIM),
        ("i want to return this", Intent.RETURN_GOODS),
    ],
)
def test_plain_wishes_are_understood(text: str, intent: Intent) -> None:
    assert intent_of(text) is intent


def test_the_turns_before_decide_what_a_fragment_means() -> None:
    refund = (
        PreviousTurn("customer", "我退的货你们收到了，怎么还不退款"),
        PreviousTurn("agent", "退款会在1-7个工作日原路返回"),
    )
    invoice = (
        PreviousTurn("customer", "发票抬头开错了可以重开吗"),
        PreviousTurn("agent", "给您换开发票需要1-3个工作日"),
    )
    assert intent_of("那要多久", *refund) is Intent.REFUND_STATUS
    assert intent_of("那要多久", *invoice) is Intent.INVOICE


def test_every_intent_has_its_words_in_both_languages() -> None:
    assert set(INTENTS) == set(Intent)
    assert len(Intent) == 37
    assert all(meta.zh and meta.en and meta.ways for meta in INTENTS.values())


def test_a_batch_says_what_its_turns_say_alone_and_keeps_their_order() -> None:
    corpus = reading.read()
    turns = [example.turn for example in Variation(corpus, seed=3).examples(times=1, follow_ups=1)][:300:3]
    together = understanding.understand(turns)
    for turn, finding in zip(turns, together, strict=True):
        (alone,) = understanding.understand([turn])
        assert alone.confidence == pytest.approx(finding.confidence, abs=2e-3)
        assert (alone.entities, alone.emotion.reasons) == (finding.entities, finding.emotion.reasons)
        assert alone.intent is finding.intent or alone.confidence < 0.5


def test_nothing_in_nothing_out() -> None:
    assert understanding.understand([]) == []


def test_low_confidence_is_other_with_the_guess_behind_it() -> None:
    scores, reasons = policy.reported(
        [(Intent.TRACK, policy.REJECT_BELOW - 0.01), (Intent.STOCK, 0.05)], [], ""
    )
    assert [score.intent for score in scores] == [Intent.OTHER, Intent.TRACK]
    assert reasons == ("rejected:low_confidence",)


def test_a_second_wish_needs_its_share_of_confidence() -> None:
    clear, _ = policy.reported([(Intent.TRACK, 0.9), (Intent.STOCK, 0.05)], [], "")
    double, _ = policy.reported([(Intent.TRACK, 0.5), (Intent.INVOICE, 0.4)], [], "")
    assert [score.intent for score in clear] == [Intent.TRACK]
    assert [score.intent for score in double] == [Intent.TRACK, Intent.INVOICE]


@pytest.mark.parametrize("text", ["ⰀⰁⰂ ⰃⰄ", "qzxv wkjh"])
def test_unknown_words_are_not_claimed_with_confidence(text: str) -> None:
    assert understanding.understand([Turn(text, AT)])[0].confidence < 0.75


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=300), max_size=5), st.sampled_from(["", "order_no", "confirm", "nonsense"]))
def test_no_text_whatever_raises(texts: list[str], expecting: str) -> None:
    turns = [
        Turn(text, AT, (PreviousTurn("bot", text[::-1]),), expecting, ("track", "no such")) for text in texts
    ]
    assert len(understanding.understand(turns)) == len(texts)


@pytest.mark.parametrize(
    "text", ["", " ", "\x00" * 50, "哈" * 100_000, "1" * 100_000, "😀" * 5000, "\u202eabc", "\ud800"]
)
def test_hostile_text_is_understood_somehow(text: str) -> None:
    (finding,) = understanding.understand([Turn(text, AT)])
    assert 0 <= finding.confidence <= 1


def test_every_finding_names_the_model_and_the_model_names_its_data() -> None:
    header = artifact.load().header
    assert (
        understanding.understand([Turn("你好", AT)])[0].model
        == understanding.model_version()
        == header["version"]
    )
    assert header["corpus_sha256"] == reading.read().digest, (
        "the corpus changed: run `jieli understanding train`"
    )
    assert header["concepts_sha256"] == concepts.digest(), (
        "the concepts changed: run `jieli understanding train`"
    )
    assert header["version"].endswith(training.made_from(header["corpus_sha256"], header["concepts_sha256"]))
    assert 0 < header["held_out"]["accuracy"] <= 1


def test_the_shipped_file_is_small_and_holds_no_pickle() -> None:
    assert artifact.SHIPPED.stat().st_size < 8 * 1024 * 1024
    with np.load(artifact.SHIPPED, allow_pickle=False) as stored:
        assert json.loads(stored["header"].tobytes())["labels"] == [intent.value for intent in Intent]
        assert stored["vectors"].dtype == np.int8


def test_a_damaged_model_file_says_so(tmp_path: Path) -> None:
    broken = tmp_path / "model.npz"
    broken.write_bytes(b"not a model")
    with pytest.raises(ModelUnusable):
        artifact.load(broken)
    with pytest.raises(ModelUnusable):
        registry.load("nobody")


def test_the_same_corpus_trains_the_same_model(monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = reading.read()
    thin = replace(
        corpus, said=corpus.said[::40], follow_ups=corpus.follow_ups[::25], talks=corpus.talks[::40]
    )
    monkeypatch.setattr(training, "EPOCHS", 1)
    one, two = training.fit(thin), training.fit(thin)
    assert one.header == two.header
    assert np.array_equal(one.buckets, two.buckets)
    assert np.allclose(one.network.vectors, two.network.vectors, atol=1e-4)


def test_a_corpus_line_that_cannot_be_read_names_its_place(tmp_path: Path) -> None:
    (tmp_path / "bad.tsv").write_text("## no_such_intent\n你好\n", encoding="utf-8")
    with pytest.raises(CorpusInvalid, match=r"bad\.tsv:2"):
        reading.read(tmp_path)


def test_explaining_shows_the_pieces_that_spoke_for_the_intent() -> None:
    explanation = understanding.explain("电子发票怎么开")
    assert explanation.finding.intent is Intent.INVOICE
    assert any("发票" in evidence.piece or "票" in evidence.piece for evidence in explanation.evidence)
    weights = [evidence.weight for evidence in explanation.evidence]
    assert weights == sorted(weights, reverse=True)


def test_evaluation_reads_labels_with_their_sessions_and_counts_accepted_labels(tmp_path: Path) -> None:
    labels, chat = tmp_path / "labels.tsv", tmp_path / "chat.txt"
    labels.write_text(
        "session\tturn\tintent\tsecond\temotion\ttext\n"
        "s1\t0\tinvoice\t-\tcalm\t怎么开发票\n"
        "s1\t2\tinvoice|track\tthanks_bye\t-\t发票什么时候开\n"
        "s1\t3\tstock\t-\tangry\t你们就是骗子，我要投诉\n",
        encoding="utf-8",
    )
    row = "s1\tu1\t{by}\t0\t0\tnan\t{text}\n"
    chat.write_text(
        row.format(by=0, text="怎么开发票") + row.format(by=1, text="请提供抬头"), encoding="utf-8"
    )
    figures = evaluation.evaluate(labels, chat)
    assert figures["turns"] == 3
    assert figures["intent"]["accuracy"] == pytest.approx(2 / 3, abs=1e-3)
    assert {"accuracy_at_60", "macro_f1", "ece"} <= figures["intent"].keys()
    assert figures["emotion"]["recall"]["angry"] == 1
    assert [turn.by for turn in evaluation.labelled(labels, chat)[1].turn.previous] == ["customer", "agent"]
    json.dumps(figures)
