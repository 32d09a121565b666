-- 标题: 并列的名次
-- 说明: 到某月为止，每个类别里累计分相同、名次并列的单位；末位并列时由领导小组决定。
-- 参数: month 月份 截至月份 = 本月
select
    类别,
    名次,
    累计分,
    count(*)                                        as 并列单位数,
    string_agg(单位, '、' order by 代码)            as 并列单位,
    case when 名次 + count(*) - 1 = max(参评数) then '末位' else '' end as 位置
from 累计排名
where 月份 = $month
group by 类别代码, 类别, 名次, 累计分
having count(*) > 1
order by 类别, 名次;
