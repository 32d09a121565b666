-- view: 加扣分明细 每一笔加分和扣分：只加分或只扣分的要点的记账，和其他要点扣去的分
-- column: 序号 记账的序号
-- column: 类别代码 类别的代码
-- column: 类别 类别名称
-- column: 代码 单位代码
-- column: 单位 单位名称
-- column: 月份 属于哪个月
-- column: 阶段 阶段名称
-- column: 指标 考核指标
-- column: 要点编号 考核要点的编号
-- column: 要点 考核要点
-- column: 性质 加分或扣分
-- column: 分数 加几分为正，扣几分为负
-- column: 出处 核定或更正
-- column: 理由 更正的理由
select
    序号,
    类别代码,
    类别,
    代码,
    单位,
    月份,
    阶段,
    指标,
    要点编号,
    要点,
    case when 分数 > 0 then '加分' else '扣分' end as 性质,
    分数,
    出处,
    理由
from 记账
where 分值 = 0 or 分数 < 0
