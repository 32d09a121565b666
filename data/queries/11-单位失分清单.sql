-- 标题: 某单位失分在哪里
-- 说明: 一个单位到某月为止各要点失了几分，失得多的在前。已结束的阶段按阶段末；当月所在阶段未结束的，以后还可能得到。
-- 参数: unit 单位 单位
-- 参数: month 月份 截至月份 = 本月
select
    阶段,
    指标,
    要点,
    分值,
    得分,
    失分,
    case when 阶段末 then '已结束' else '进行中' end as 阶段情况
from 失分明细
where 代码 = $unit
  and (月份 = $month or (阶段末 and 月份 < $month))
order by 失分 desc, 阶段, 要点编号;
