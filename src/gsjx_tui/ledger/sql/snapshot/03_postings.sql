-- view: 记账 每一笔记账，核定和更正都在；分数只增记，不修改
-- column: 序号 记账的先后
-- column: 类别代码 类别的代码
-- column: 类别 类别名称
-- column: 代码 单位代码
-- column: 单位 单位名称
-- column: 月份 属于哪个月
-- column: 阶段 阶段名称
-- column: 指标 考核指标
-- column: 要点编号 考核要点的编号
-- column: 要点 考核要点
-- column: 分值 要点的满分，只加分或只扣分的为 0
-- column: 分数 记了几分
-- column: 出处 核定或更正
-- column: 理由 更正的理由
-- column: 记账人 谁核定或更正的
-- column: 记账时间 北京时间
select
    p.seq                                                    as 序号,
    u.category                                               as 类别代码,
    u.category_name                                          as 类别,
    p.unit                                                   as 代码,
    u.name                                                   as 单位,
    p.month                                                  as 月份,
    i.stage                                                  as 阶段,
    i.indicator                                              as 指标,
    p.item                                                   as 要点编号,
    coalesce(i.label, p.item)                                as 要点,
    i.points                                                 as 分值,
    p.points                                                 as 分数,
    case p.origin when 'confirm' then '核定' else '更正' end   as 出处,
    p.reason                                                 as 理由,
    p.posted_by                                              as 记账人,
    p.posted_at + interval 8 hour                            as 记账时间
from posting p
left join _unit u on u.code = p.unit
left join _item i on i.id = p.item
