-- 标题: 加分最多的单位
-- 说明: 到某月为止，各单位因信息采用、受到表扬等只加分的要点一共加了多少分，最多的几个单位。
-- 参数: month 月份 截至月份 = 本月
-- 参数: n 整数 几个单位 = 10
select
    类别,
    代码,
    单位,
    sum(分数) as 加分,
    count(*)  as 笔数
from 加扣分明细
where 性质 = '加分' and 月份 <= $month
group by 类别, 代码, 单位
order by 加分 desc, 代码
limit $n;
