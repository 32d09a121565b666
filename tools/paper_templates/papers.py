"""The shipped papers: short words of our own, the clause of the method as reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tools.paper_templates.layout import Paper
from tools.paper_templates.measures import CENTER, HEI, SMALL_FOUR
from tools.paper_templates.word import merged, named

_HEAD = ("{{ 发文机关 }}文件", "{{ 发文字号 }}")
_STANDING = (
    "得{{ 得分 }}分，在{{ 类别 }}{{ 单位数 }}个单位中列第{{ 名次 }}位"
    "{% if 并列 %}（并列）{% endif %}"
)


def ranking_notice() -> Paper:
    """通报."""
    paper = Paper("排名通报")
    paper.red_head(*_HEAD)
    paper.title("关于{{ 活动 }}考核排名的通报")
    paper.addressees()
    paper.body(
        "{{ 范围 }}考核各类别得分、名次通报如下。"
        "{% if 更正 %}本通报代替{{ 原版次 }}，变动见文末更正。{% endif %}"
    )
    paper.control("{%p for 类 in 各类 %}")
    _heading(paper, "{{ loop.index|中文 }}、{{ 类.类别 }}（{{ 类.单位数 }}个单位）")
    paper.listing(
        (16, 58, 22, 24, 18, 18),
        ("名次", "单位", "得分", "上月名次", "升降", "差距"),
        "行 in 类.名次表",
        tuple(
            "{{ 行." + name + " }}" for name in ("名次", "单位", "得分", "上月名次", "升降", "差距")
        ),
    )
    paper.control("{%p endfor %}")
    paper.control("{%p if 末位 %}")
    _heading(paper, "{{ (各类|length + 1)|中文 }}、重点整改单位")
    paper.body("依照考核办法四（二），下列单位列为本阶段重点整改单位：")
    paper.control("{%p for 末 in 末位 %}")
    paper.body(
        "{{ 末.类别 }}：{{ 末.单位 }}，{{ 末.得分 }}分"
        "{% if 末.并列 %}（末位并列，由领导小组决定）{% endif %}。"
    )
    paper.control("{%p endfor %}")
    paper.control("{%p endif %}")
    paper.control("{%p if 更正 %}")
    _heading(paper, "{{ (各类|length + (2 if 末位 else 1))|中文 }}、更正")
    paper.body("与{{ 原版次 }}相比，下列单位有变动：")
    paper.listing(
        (36, 40, 18, 22, 18, 22),
        ("类别", "单位", "原名次", "原得分", "现名次", "现得分"),
        "项 in 更正",
        tuple(
            "{{ 项." + name + " }}"
            for name in ("类别", "单位", "原名次", "原得分", "现名次", "现得分")
        ),
    )
    paper.control("{%p endif %}")
    return _ended(paper)


def rectification_notice() -> Paper:
    """整改通知."""
    paper = Paper("整改通知")
    paper.red_head(*_HEAD)
    paper.title("关于{{ 单位 }}重点整改的通知")
    paper.addressees()
    paper.body(
        "{{ 活动 }}{{ 阶段 }}阶段考核，你单位" + _STANDING + "。"
        "依照考核办法四（二），列为重点整改单位。现就整改事项通知如下："
    )
    paper.body("一、失分情况")
    paper.control("{%p if 失分 %}")
    paper.listing(
        (32, 64, 20, 20, 20),
        ("条款", "考核要点", "满分", "得分", "失分"),
        "行 in 失分",
        tuple("{{ 行." + name + " }}" for name in ("条款", "要点", "满分", "得分", "失分")),
    )
    paper.control("{%p else %}")
    paper.body("各要点均得满分，名次因加扣分而定。")
    paper.control("{%p endif %}")
    paper.body("二、整改要求")
    paper.body("（一）{{ 方案期限 }}前报送整改方案，逐项写明措施、责任人、时限。")
    paper.body("（二）{{ 整改期限 }}前完成整改，附佐证材料报请验收。")
    paper.body("三、其他事项")
    paper.body("（一）主要负责人、分管领导的谈话另行通知。")
    paper.body("（二）验收合格即销号；更正后不再列末位的，本通知撤销。")
    return _ended(paper)


def admonition_notice() -> Paper:
    """诫勉谈话通知."""
    paper = Paper("诫勉谈话通知")
    paper.red_head(*_HEAD)
    paper.title("关于诫勉谈话的通知")
    paper.addressees()
    paper.body(
        "{{ 活动 }}{{ 阶段 }}阶段考核，{{ 单位 }}" + _STANDING + "。"
        "依照考核办法四（二），安排诫勉谈话，有关事项如下："
    )
    for label, value in (
        ("谈话对象", "{{ 单位 }}{{ 对象 }}{{ 姓名 }}"),
        ("谈话时间", "{{ 时间 }}"),
        ("谈话地点", "{{ 地点 }}"),
        ("谈 话 人", "{{ 谈话人 }}"),
    ):
        paper.body(f"{label}：{value}")
    paper.body("请携带书面说明，写明失分原因、整改措施和时限。不能按时到场的，请提前报告。")
    return _ended(paper)


def admonition_record() -> Paper:
    """谈话记录: a form of one page."""
    paper = Paper("诫勉谈话记录")
    paper.title("诫勉谈话记录", lines_above=0)
    paper.paragraph("{{ 活动 }}　{{ 阶段 }}阶段", size=SMALL_FOUR, align=CENTER)
    table = paper.table((26, 52, 26, 52))
    for left, left_value, right, right_value in (
        ("单　　位", "{{ 单位 }}", "类　　别", "{{ 类别 }}"),
        ("谈话对象", "{{ 对象 }}", "姓　　名", "{{ 姓名 }}"),
        ("时　　间", "{{ 时间 }}", "地　　点", "{{ 地点 }}"),
        ("谈 话 人", "{{ 谈话人 }}", "记 录 人", "{{ 记录人 }}"),
    ):
        paper.row(table, (left, left_value, right, right_value), height=10)
    for label, text, height in (
        ("事　　由", "考核" + _STANDING + "，依照考核办法四（二）谈话。", 14),
        ("谈话内容", "", 46),
        ("本人说明", "", 30),
        ("整改承诺\n及时限", "", 24),
    ):
        cells = paper.row(table, (label, text, "", ""), height=height)
        merged(cells[1], cells[3])
    cells = paper.row(
        table,
        ("签　　字", "谈话对象：　　　　　　谈话人：　　　　　　记录人：　　　　　", "", ""),
        height=18,
    )
    merged(cells[1], cells[3])
    for row in table.rows:
        row.cells[0].paragraphs[0].alignment = CENTER
    paper.paragraph("本记录一式两份，一份存档，一份交单位。", size=SMALL_FOUR)
    return paper


def results_letter() -> Paper:
    """结果函."""
    paper = Paper("结果函")
    paper.letter_head("{{ 发文机关 }}", "{{ 发文字号 }}")
    paper.title("关于{{ 单位 }}考核结果的函", lines_above=1.5)
    paper.addressees()
    paper.body("{{ 单位 }}参加{{ 活动 }}考核，{{ 范围 }}" + _STANDING + "。各阶段得分如下：")
    paper.listing(
        (76, 40, 40),
        ("阶段", "满分", "得分"),
        "行 in 各阶段",
        tuple("{{ 行." + name + " }}" for name in ("阶段", "满分", "得分")),
    )
    paper.body("依照考核办法四（二），特此函告。")
    paper.attachments()
    paper.signature()
    paper.letter_imprint()
    return paper


def adjustment_recommendation() -> Paper:
    """组织调整建议."""
    paper = Paper("组织调整建议")
    paper.red_head(*_HEAD)
    paper.title("关于{{ 单位 }}负责人组织调整的建议")
    paper.addressees()
    paper.body(
        "{{ 活动 }}考核已经结束，排名已经发布。{{ 单位 }}{{ 范围 }}" + _STANDING + "，"
        "{% if 全部单位数 %}为全部{{ 全部单位数 }}个单位{% else %}为本类{% endif %}最终末位"
        "{% if 并列 %}，已由领导小组决定列入{% endif %}。"
    )
    paper.control("{%p if 各阶段 %}")
    paper.body("各阶段得分如下：")
    paper.listing(
        (76, 40, 40),
        ("阶段", "满分", "得分"),
        "行 in 各阶段",
        tuple("{{ 行." + name + " }}" for name in ("阶段", "满分", "得分")),
    )
    paper.control("{%p endif %}")
    paper.body("依照考核办法四（二），建议对该单位负责人进行组织调整。请审定。")
    return _ended(paper)


def award_candidates() -> Paper:
    """评先选优候选名单."""
    paper = Paper("评先选优候选名单")
    paper.red_head(*_HEAD)
    paper.title("关于报送{{ 活动 }}评先选优候选名单的报告")
    paper.addressees()
    paper.control("{%p if 候选 %}")
    paper.body(
        "{{ 活动 }}{{ 范围 }}排名已经发布。依照考核办法四（一），"
        "各类别排名靠前的{{ 候选数 }}个单位列为评先选优候选："
    )
    paper.listing(
        (40, 56, 18, 24, 18),
        ("类别", "单位", "名次", "得分", "备注"),
        "行 in 候选",
        (
            *("{{ 行." + name + " }}" for name in ("类别", "单位", "名次", "得分")),
            "{% if 行.并列 %}并列{% endif %}",
        ),
    )
    paper.body("备注并列的，取舍由领导小组决定。")
    paper.control("{%p else %}")
    paper.body("{{ 活动 }}{{ 范围 }}没有评先选优候选单位。")
    paper.control("{%p endif %}")
    paper.body("以上请审定。")
    return _ended(paper)


def objection_decision() -> Paper:
    """申诉处理决定."""
    paper = Paper("申诉处理决定")
    paper.red_head(*_HEAD)
    paper.title("关于{{ 单位 }}申诉的处理决定")
    paper.addressees()
    paper.body(
        "你单位对{{ 月份 }}“{{ 要点 }}”（办法{{ 条款 }}）得分的申诉，于{{ 申诉日期 }}收到。"
        "经另行指定人员查核，决定如下："
    )
    paper.body("一、申诉理由")
    paper.body("{{ 申诉理由 }}")
    paper.body("二、查核情况")
    paper.body("{{ 查核情况 }}")
    paper.body("三、处理决定")
    paper.control("{%p if 予以更正 %}")
    paper.body(
        "申诉{{ 决定 }}，予以更正：该要点由{{ 原得分 }}分改为{{ 现得分 }}分，"
        "{% if 原名次 == 现名次 %}名次仍为第{{ 现名次 }}位。"
        "{% else %}名次由第{{ 原名次 }}位变为第{{ 现名次 }}位。{% endif %}"
    )
    paper.control("{%p else %}")
    paper.body("申诉{{ 决定 }}，维持该要点{{ 原得分 }}分，名次仍为第{{ 原名次 }}位。")
    paper.control("{%p endif %}")
    return _ended(paper)


def _heading(paper: Paper, text: str) -> None:
    line = paper.body(text)
    for run in line.runs:
        named(run, HEI)
    line.paragraph_format.keep_with_next = True


def _ended(paper: Paper) -> Paper:
    paper.attachments()
    paper.signature()
    paper.imprint()
    return paper


PAPERS: Mapping[str, Callable[[], Paper]] = {
    "通报.docx": ranking_notice,
    "整改通知.docx": rectification_notice,
    "诫勉谈话通知.docx": admonition_notice,
    "谈话记录.docx": admonition_record,
    "结果函.docx": results_letter,
    "组织调整建议.docx": adjustment_recommendation,
    "评先选优候选名单.docx": award_candidates,
    "申诉处理决定.docx": objection_decision,
}
"""Every template by its file."""
