-- 标题: 某单位各月的名次走势
-- 说明: 一个单位每个月的得分、累计分、累计名次和升降，看它是怎样走到今天的。
-- 参数: unit 单位 单位
select
    v.月份,
    v.本月得分,
    m.名次 as 单月名次,
    v.累计分,
    v.名次 as 累计名次,
    v.升降,
    r.距前一名
from 名次变化 v
join 累计排名 r on r.代码 = v.代码 and r.月份 = v.月份
left join 月度得分 m on m.代码 = v.代码 and m.月份 = v.月份
where v.代码 = $unit
order by v.月份;
