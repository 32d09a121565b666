-- view: 名次变化 每个单位每个月的累计名次与上个月相比
-- column: 类别代码 类别的代码
-- column: 类别 类别名称
-- column: 月份 截至哪个月
-- column: 代码 单位代码
-- column: 单位 单位名称
-- column: 上月名次 截至上个月的名次，上个月没有参评为空
-- column: 名次 截至这个月的名次
-- column: 升降 上升几位为正，下降几位为负
-- column: 上月累计分 截至上个月的累计分
-- column: 累计分 截至这个月的累计分
-- column: 本月得分 这个月得了几分
select
    n.类别代码,
    n.类别,
    n.月份,
    n.代码,
    n.单位,
    b.名次                                              as 上月名次,
    n.名次,
    b.名次 - n.名次                                     as 升降,
    b.累计分                                            as 上月累计分,
    n.累计分,
    (n.累计分 - coalesce(b.累计分, 0))::decimal(12, 2)  as 本月得分
from 累计排名 n
join _month m on m.month = n.月份
left join 累计排名 b on b.代码 = n.代码 and b.月份 = m.previous
