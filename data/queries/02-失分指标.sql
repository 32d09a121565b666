-- 标题: 某类别失分最多的指标
-- 说明: 一个类别到某月为止，各指标的要点一共失了多少分，平均每个单位失多少。已结束的阶段按阶段末；进行中的按当月，还差的以后可能得到。
-- 参数: category 类别 类别
-- 参数: month 月份 截至月份 = 本月
with member as (
    select count(*) as units
    from 累计排名
    where 类别代码 = $category and 月份 = $month
)
select
    l.阶段,
    l.指标,
    count(distinct l.代码)                              as 失分单位,
    sum(l.失分)                                         as 失分合计,
    round(sum(l.失分) / m.units, 2)::decimal(12, 2)     as 平均失分,
    case when l.阶段末 then '已结束' else '进行中' end    as 阶段情况
from 失分明细 l
cross join member m
where l.类别代码 = $category
  and (l.月份 = $month or (l.阶段末 and l.月份 < $month))
group by l.阶段, l.指标, l.阶段末, m.units
order by 失分合计 desc, l.阶段, l.指标;
