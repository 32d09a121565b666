-- 标题: 扣分最多的单位
-- 说明: 到某月为止，各单位因投诉、督查、抽查等一共扣了多少分，扣得最多的是哪个要点。
-- 参数: month 月份 截至月份 = 本月
-- 参数: n 整数 几个单位 = 10
with by_item as (
    select 类别, 代码, 单位, 要点, sum(分数) as points, count(*) as postings
    from 加扣分明细
    where 性质 = '扣分' and 月份 <= $month
    group by 类别, 代码, 单位, 要点
)
select
    类别,
    代码,
    单位,
    sum(points)                       as 扣分,
    sum(postings)::bigint             as 笔数,
    first(要点 order by points, 要点) as 扣分最多的要点,
    min(points)                       as 该要点扣分
from by_item
group by 类别, 代码, 单位
order by 扣分, 代码
limit $n;
