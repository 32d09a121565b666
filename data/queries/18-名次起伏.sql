-- 标题: 某类别名次起伏最大的单位
-- 说明: 一个类别里各单位到某月为止累计名次最好和最差各是多少，相差越大越不稳定。
-- 参数: category 类别 类别
-- 参数: month 月份 截至月份 = 本月
select
    代码,
    单位,
    min(名次)             as 最好名次,
    max(名次)             as 最差名次,
    max(名次) - min(名次) as 起伏,
    arg_max(名次, 月份)   as 现在名次
from 累计排名
where 类别代码 = $category and 月份 <= $month
group by 代码, 单位
order by 起伏 desc, 现在名次, 代码;
