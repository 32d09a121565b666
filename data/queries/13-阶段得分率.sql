-- 标题: 各类别各阶段的得分率
-- 说明: 到某月为止，各类别在每个阶段平均得几分，占阶段满分的百分之几。进行中的阶段按当月。
-- 参数: month 月份 截至月份 = 本月
select
    阶段,
    类别,
    count(*)                                                          as 单位数,
    满分,
    round(sum(得分) / count(*), 2)::decimal(12, 2)                    as 平均得分,
    round(100 * sum(得分) / (count(*) * 满分), 1)::decimal(12, 1)     as 得分率,
    case when 阶段末 then '已结束' else '进行中' end                  as 阶段情况
from 阶段得分
where 月份 = $month or (阶段末 and 月份 < $month)
group by 阶段, 类别代码, 类别, 满分, 阶段末
order by max(月份), 阶段, 得分率 desc, 类别;
