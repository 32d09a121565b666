-- 标题: 各类别的前几名和末几名
-- 说明: 到某月为止，每个类别累计分最高和最低的几个单位；同分并列的都列出。
-- 参数: month 月份 截至月份 = 本月
-- 参数: n 整数 几名 = 3
with place as (
    select *, rank() over (partition by 类别代码 order by 累计分) as from_below
    from 累计排名
    where 月份 = $month
)
select
    类别,
    case when 名次 <= $n then '前' else '末' end as 位置,
    名次,
    代码,
    单位,
    累计分
from place
where 名次 <= $n or from_below <= $n
order by 类别, 名次, 代码;
