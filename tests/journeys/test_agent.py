"""An agent's work, from the contact that comes in to the wrap-up."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.house import APP, House
from tests.journeys.watch import Watch
from tests.journeys.words import pattern, word

pytestmark = pytest.mark.journey

MINE, THEIRS = ("lan.banxia", "岚半夏"), ("tong.wangshu", "桐望舒")


def test_a_contact_is_answered_handed_over_and_closed(house: House, desk: Callable[..., Desk]) -> None:
    customer = house.customer()
    mine = desk(MINE[0])
    mine.be("online")
    mine.look_at("all")
    expect(mine.card(customer.shown)).to_have_count(0)
    house.says(customer, "支持七天无理由退货吗", over=APP)

    mine.open(customer.shown)
    bot = mine.thread.get_by_role("article").filter(has_text=word("common.holder.bot")).first
    expect(bot.get_by_role("list", name=mine.word("sources.label"))).not_to_be_empty()
    bot.get_by_role("button", name=mine.word("decision.why")).click()
    trace = mine.page.get_by_role("tooltip").filter(has_text=mine.word("decision.action.answer"))
    expect(trace).to_contain_text(pattern("desk.decision.model"))
    mine.page.keyboard.press("Escape")

    mine.take()
    mine.context_pane.get_by_role("button", name=mine.word("suggestion.insert")).first.click()
    expect(mine.composer).not_to_have_value("")
    mine.send()
    expect(mine.composer).to_have_value("")
    expect(mine.holder).to_contain_text(word("common.step.customer.reply"))
    mine.note("客户想退，尺码不合适")
    expect(mine.thread.get_by_text("客户想退，尺码不合适")).to_be_visible()

    theirs = desk(THEIRS[0])
    theirs.be("online")
    mine.hand_over(
        THEIRS[1], why="需要英语服务", summary="已说明退货规则，等客户寄回", question="吊牌还在不在"
    )
    expect(mine.holder).to_contain_text(THEIRS[1])

    theirs.open(customer.shown)
    card = theirs.handovers.filter(has_text="需要英语服务")
    expect(card).to_contain_text("已说明退货规则，等客户寄回")
    expect(card).to_contain_text("吊牌还在不在")
    expect(theirs.thread.get_by_text("客户想退，尺码不合适")).to_be_visible()
    theirs.reply("您好，吊牌在的话今天就可以寄回")
    expect(mine.thread.get_by_text("您好，吊牌在的话今天就可以寄回")).to_be_visible()
    theirs.close("solved")
    expect(theirs.card(customer.shown)).to_have_count(0)
    expect(mine.thread).to_contain_text(
        mine.word("event.conversation.closed", result=mine.word("close.code.solved"))
    )


def test_a_reply_is_held_back_when_the_customer_wrote_again(
    house: House, desk: Callable[..., Desk], watch: Watch
) -> None:
    customer = house.customer()
    mine = desk(MINE[0])
    mine.look_at("all")
    house.says(customer, "转人工")
    mine.open(customer.shown)
    mine.take()
    mine.composer.fill("稍等，我查一下这笔订单")
    house.says(customer, "不用查了，我找到了")
    expect(mine.alert).to_contain_text(mine.word("composer.newer", n=1))
    with watch.expecting("409"):
        mine.send()
        expect(mine.alert.get_by_role("button", name=mine.word("composer.anyway"))).to_be_visible()
    expect(mine.thread.get_by_text("稍等，我查一下这笔订单")).to_have_count(0)
    mine.alert.get_by_role("button", name=mine.word("composer.looked")).click()
    mine.reply("好的，有需要随时找我")
    expect(mine.thread.get_by_text("好的，有需要随时找我")).to_be_visible()
    assert house.shown_by_wechat(customer, "好的，有需要随时找我") == 1


def test_a_word_that_may_not_go_out_is_named(house: House, desk: Callable[..., Desk], watch: Watch) -> None:
    customer = house.customer()
    mine = desk(MINE[0])
    mine.look_at("all")
    house.says(customer, "转人工")
    mine.open(customer.shown)
    mine.take()
    with watch.expecting("422", "409"):
        mine.reply("这款是全网最低，放心买")
        expect(mine.alert.locator("mark")).to_have_text(["全网最低"])
    mine.reply("这款在做活动，价格实惠")
    expect(mine.thread.get_by_text("这款在做活动，价格实惠")).to_be_visible()
    expect(mine.thread.get_by_text("全网最低")).to_have_count(0)
