"""Made-to-measure pieces on their way through the factory."""

import random
from datetime import datetime, timedelta

from jieli.demo.brand.contracts.trade import Production, ProductionStage, StageDone
from jieli.demo.brand.contracts.words import Words
from jieli.demo.brand.policies import Policies

_DAY = timedelta(days=1)
_LATE = (
    Words("板材批次检测未通过，已换批次重新下料。", "A board lot failed its test; cutting starts again with another lot."),
    Words("长虹玻璃门板供应商晚到 4 天。", "The supplier of the fluted glass doors is four days late."),
    Words("复尺发现墙面有 3 厘米偏差，图纸已修改待确认。", "Re-measuring found the wall 3 cm off; the changed drawing waits for approval."),
    Words("封边设备检修，已排入加班线。", "The edging machine is being repaired; the piece is on the overtime line."),
)  # fmt: skip


def production(
    rng: random.Random,
    policies: Policies,
    stage: ProductionStage,
    paid: datetime,
    last: datetime,
    now: datetime,
) -> Production:
    """Stages before `stage` are done, spread between payment and the last event; late is what cannot meet its due time."""
    stages = list(ProductionStage)
    done = stages[: stages.index(stage) + (stage is ProductionStage.FINISHED)]
    span = (last - paid) / max(1, len(done))
    due = paid + timedelta(days=policies.custom_days)
    late = stage is not ProductionStage.FINISHED and due < now + (len(stages) - len(done)) * _DAY
    return Production(
        stage=stage,
        done=tuple(StageDone(one, paid + span * (index + 1)) for index, one in enumerate(done)),
        due_at=due,
        late_reason=rng.choice(_LATE) if late else None,
        parameters=_parameters(rng),
    )


def _parameters(rng: random.Random) -> tuple[tuple[str, str], ...]:
    width = rng.choice((1820, 2015, 2410, 2655, 3020))
    return (
        ("width_mm", str(width)),
        ("height_mm", str(rng.randint(2380, 2720))),
        ("depth_mm", str(rng.choice((550, 580, 600)))),
        ("wall_left_mm", str(rng.randint(2380, 2720))),
        ("wall_right_mm", str(rng.randint(2380, 2720))),
        ("floor_tilt_mm", str(rng.randint(0, 12))),
        ("skirting_mm", str(rng.choice((0, 60, 80, 100)))),
        ("cornice_mm", str(rng.choice((0, 80, 120)))),
        ("doors", str(width // 450)),
        ("door_style", rng.choice(("平板", "长虹玻璃", "法式线条"))),
        ("board", rng.choice(("实木颗粒板", "多层板"))),
        ("board_lot", f"B{rng.randint(2400, 2699)}{rng.randint(10, 99)}"),
        ("outside_colour", rng.choice(("原木色", "云白", "雾灰"))),
        ("inside_colour", rng.choice(("亚麻灰", "云白"))),
        ("edge_band", rng.choice(("激光封边", "PUR 封边"))),
        ("hinge", "阻尼缓冲 110°"),
        ("handle", rng.choice(("隐形拉手", "黄铜拉手", "反弹器"))),
        ("drawers", str(rng.randint(2, 6))),
        ("long_hanging_mm", str(rng.choice((1200, 1350, 1450)))),
        ("shelves", str(rng.randint(4, 10))),
        ("trouser_rack", rng.choice(("有", "无"))),
        ("light_strip", rng.choice(("感应灯", "无"))),
    )
